"""Canaries: a text that occurs nowhere else, one for each field in which somebody says something; and where they are
found again, in whatever writing.

May know: what fields there are, encodings, files. May not know: a desk, a store.
A canary is looked for by its core, small letters of ASCII, so it is found in UTF-8, in JSON and in an address of the
web alike; one that is Greek throughout is there for what JSON and the web write otherwise.
"""

import base64
import hashlib
import random
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

LETTERS = "bcdfghjkmnpqrtvwxz"
GREEK = "βγδζθκλμξπρσφχψω"
SIZE = 18


class Canaries:
    """Makes them; `all` has those that were made, by field. A seed gives the same ones again."""

    def __init__(self, seed="canary"):
        self.seed, self.all = seed, {}

    def __call__(self, field, alphabet=LETTERS):
        """A new one; `field` says where it stands, for who reads what was found."""
        name = f"{self.seed}/{field}/{len(self.all)}"
        signs = hashlib.sha256(name.encode()).digest()[:SIZE]
        self.all[name] = "".join(alphabet[sign % len(alphabet)] for sign in signs)
        return self.all[name]

    def long(self, field, size=7_000):
        """Text of that length that no database makes smaller, with the canary at both ends and in the middle."""
        core, noise = self(field), random.Random(self.seed)
        signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
        half = ["".join(noise.choices(signs, k=size // 2)) for _ in range(2)]
        return f"{core} {half[0]} {core} {half[1]} {core}"

    def found(self, where):
        """The names of those that stand in some text or bytes, in any writing."""
        by_core = {core: name for name, core in self.all.items()}
        return sorted({by_core[core] for core in _cores(_bytes(where)) if core in by_core})

    def in_files(self, *roots, but=()):
        """By file below these, the names of those that stand in it or in its name; `but` those that are as `seen`."""
        found = {}
        for path, stamp in seen(*roots).items():
            if (path, stamp) not in but:
                found[path] = self.found(content_of(path) + str(path).encode())
        return {path: names for path, names in found.items() if names}


def seen(*roots):
    """All files below these, with what changes when they do."""
    found = {}
    for path in files(*roots):
        with suppress(FileNotFoundError):  # a server's own file, gone since it was listed
            found[path] = (path.stat().st_mtime_ns, path.stat().st_size)
    return found


def files(*roots):
    """All files there are below these."""
    for root in map(Path, roots):
        yield from sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]


def content_of(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a server's own file, gone since it was listed
        return b""


def _bytes(where):
    if isinstance(where, bytes):
        return where
    return (where if isinstance(where, str) else repr(where)).encode("utf-8", "surrogatepass")


RUNS = {
    re.compile(rf"[{LETTERS}]{{{SIZE},}}".encode()): bytes.decode,
    re.compile(rb"(?:[\xce\xcf][\x80-\xbf]){%d,}" % SIZE): bytes.decode,
    re.compile(rb"(?:[\x80-\xff]\x03){%d,}" % SIZE): lambda found: found.decode("utf-16-le"),
    re.compile(rb"(?:\x03[\x80-\xff]){%d,}" % SIZE): lambda found: found.decode("utf-16-be"),
    re.compile(rb"(?:\\u03[0-9a-f]{2}){%d,}" % SIZE): lambda found: found.decode("unicode-escape"),
    re.compile(rb"(?:%%c[ef]%%[89ab][0-9a-f]){%d,}" % SIZE): lambda found: unquote(found.decode()),
}
"""What one could be seen as, in small letters, and how it is read."""
HEX = re.compile(rb"[0-9a-f]{%d,}" % (2 * SIZE))
BASE64 = re.compile(rb"[0-9A-Za-z+/_-]{%d,}" % (4 * SIZE // 3))


def _cores(data):
    """What could be a canary: as it is, in JSON, in an address, in UTF-16, as hexadecimal, in base64 of either kind."""
    yield from _runs(data)
    for found in HEX.findall(data.lower()):
        for start in (0, 1):
            some = found[start : start + (len(found) - start) // 2 * 2]
            yield from _runs(bytes.fromhex(some.decode()))
    for found in BASE64.findall(data):
        plain = found.translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):
            yield from _runs(base64.b64decode(plain[start : start + (len(plain) - start) // 4 * 4]))


def _runs(data):
    lowered = data.lower()
    for run, read in RUNS.items():
        for found in run.findall(lowered):
            yield from _windows(read(found).lower())
    for found in WIDE.findall(lowered):
        yield from _windows(found.replace(b"\0", b"").decode())


WIDE = re.compile(rf"(?:[{LETTERS}]\0){{{SIZE - 1},}}[{LETTERS}]".encode())
"""Letters of ASCII in UTF-16, the last one without its other half."""


def _windows(text):
    text = text.replace("ς", "σ")
    return (text[start : start + SIZE] for start in range(len(text) - SIZE + 1))


def rows(connection):
    """Of a database of SQLite, each table's rows as text: what stands in which."""
    names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    return {name: repr(connection.execute(f'select * from "{name}"').fetchall()) for name in names}


def postgres_rows(connection, schema="public"):
    """The same of a schema of PostgreSQL, by a connection of psycopg."""
    found = connection.execute("select tablename from pg_tables where schemaname = %s", [schema]).fetchall()
    return {name: repr(connection.execute(f'select * from "{schema}"."{name}"').fetchall()) for (name,) in found}
