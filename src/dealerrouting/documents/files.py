"""Bytes from disk, bounded, and as text; and text to disk.

May know: the file system. May not know: what files mean.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from dealerrouting.documents.places import DocumentError, Unreadable
from dealerrouting.errors import Fault, did_you_mean, quoted

__all__ = [
    "MOST_LEADS",
    "MOST_LINE",
    "MOST_PLAN",
    "MOST_TABLE",
    "Say",
    "beside",
    "bytes_of",
    "data_of",
    "save",
    "silent",
    "table_text",
    "text_of",
]

MOST_PLAN = 8 * 2**20
MOST_TABLE = 64 * 2**20
MOST_LEADS = 2**30
MOST_LINE = 64 * 2**10

Say = Callable[[str], None]
"""Who hears what was noticed on the way: an encoding, a delimiter, a file that nobody asked for."""


def silent(_: str) -> None:
    """Hear nothing."""


def bytes_of(path: Path, most: int) -> bytes:
    """The whole file; `Unreadable` where it is none, or has more than `most` bytes."""
    try:
        if path.is_dir():
            raise Unreadable("is a folder, and a file belongs here")
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        raise Unreadable("there is no such file", _near(path)) from None
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > most:
        raise Unreadable(f"has more than {most:,} bytes", "split it")
    return data


def data_of(source: str | Path | IO[bytes], most: int) -> bytes:
    """The whole file at a path, or what is left in a binary stream; `Unreadable` beyond `most` bytes."""
    if isinstance(source, (str, Path)):
        return bytes_of(Path(source), most)
    data = source.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"has more than {most:,} bytes", "split it")
    return data


def save(path: Path, text: str) -> None:
    """The text as a file at `path`, whole or not at all; `DocumentError` where it cannot be written."""
    whole = path.is_file() or not path.exists()  # a device or a pipe is written to, never replaced
    name = path.with_name(f".{path.name}.{os.getpid()}.part") if whole else path
    try:
        with open(name, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        if whole:
            os.replace(name, path)
    except OSError as error:
        raise DocumentError([Fault(str(path), f"cannot be written: {error.strerror}", "check the folder")]) from None


def _near(path: Path) -> str:
    try:
        names = os.listdir(path.parent)
    except (OSError, ValueError):
        return ""
    return did_you_mean(path.name, names[:1_000]) if names else ""


def beside(folder: Path, name: str) -> Path:
    """The file `name` in `folder` or below it; `Unreadable` where it would lie elsewhere."""
    parts = (*PurePosixPath(name).parts, *PureWindowsPath(name).parts)
    anchored = PurePosixPath(name).anchor or PureWindowsPath(name).anchor
    if not name.strip() or not name.isprintable() or anchored or ".." in parts:
        raise Unreadable(f"{quoted(name)} is not a file beside the plan", "name a file in the plan's own folder")
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        raise Unreadable(f"{quoted(name)} leads out of the plan's folder", "name a file in the plan's own folder")
    return path


def text_of(data: bytes) -> str:
    """A document's text, which is UTF-8 with or without its mark."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("is in UTF-16", "save it as UTF-8")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        raise Unreadable("is not in UTF-8 from here on", "save it as UTF-8", line, column) from None


def table_text(data: bytes) -> tuple[str, int]:
    """A table's text, and how many of its lines were not UTF-8 and so read as cp1252.

    Line by line, so that one broken character does not spoil the others.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("is in UTF-16", "save it as CSV in UTF-8")
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return data.decode("utf-8"), 0
    except UnicodeDecodeError:
        lines = data.split(b"\n")
    other = 0
    texts = []
    for line in lines:
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(line.decode("cp1252", "replace"))
            other += 1
    return "\n".join(texts), other
