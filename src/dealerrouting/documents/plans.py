"""`load_plan` and `dump_plan`: plans on disk.

May know: files, the readers of formats, how a plan is assembled. May not know: leads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from dealerrouting.documents.assemble import Assembly
from dealerrouting.documents.conditions import Customs
from dealerrouting.documents.csv_text import read_header, read_table
from dealerrouting.documents.files import MOST_PLAN, MOST_TABLE, Say, beside, bytes_of, silent, text_of
from dealerrouting.documents.json_text import read_json
from dealerrouting.documents.nouns import typed
from dealerrouting.documents.places import Places, Rows, Text, Trail, Unreadable
from dealerrouting.documents.shapes import columns
from dealerrouting.documents.sites import Sites, sites
from dealerrouting.documents.toml_text import read_toml
from dealerrouting.documents.yaml_text import read_yaml
from dealerrouting.errors import Fault, MissingExtra, PlanError, did_you_mean, nearest, quoted
from dealerrouting.rules import Custom, Pick, Plan
from dealerrouting.rules.canonical import plan_data

__all__ = ["dump_plan", "load_placed", "load_plan", "plan_from_data", "terms_in"]

Given = Mapping[str, Custom | Pick] | Iterable[Custom | Pick] | str | None
"""Functions of the caller's own, as they are handed over."""
_READERS = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json, ".toml": read_toml}
_NAMES = tuple(f"plan{suffix}" for suffix in _READERS)
_HOW = "give a folder with plan.yaml, a .yaml, .json or .toml file, or package.module:attribute"
_MOST_NAMES = 1_000
_NEEDED = {"dealers": ("id",), "territories": ("id", "dealers"), "accounts": ("id", "holder")}


def load_plan(path: str | Path, customs: Given = None, *, say: Say = silent) -> Plan:
    """The plan at `path`.

    That is a folder with `plan.yaml` (`.yml`, `.json`, `.toml`), such a file, or `package.module:attribute`.

    `customs` are the functions that `{custom: name}` means, by name or just one after the other; or
    `package.module:attribute` of them. `say` hears what was noticed and is not wrong. `PlanError` with
    everything that is wrong at once, each with file, line and column; `MissingExtra` where the plan needs an optional
    package: PyYAML for YAML, holidays for those of a country, rapidfuzz for names that are alike.
    """
    return load_placed(path, customs, say=say)[0]


def load_placed(path: str | Path, customs: Given = None, *, say: Say = silent) -> tuple[Plan, Sites]:
    """The same, and where the parts of the plan stand: `file:line` by kind and id; empty for a plan in Python."""
    known = _customs(customs)
    if isinstance(path, str) and _is_name(path) and not Path(path).exists():
        return _expect(_named(path), path), {}
    file = _file(Path(path))
    text = _text(file)
    places = Places(str(file), text.marks, text.keys)
    assembly = Assembly(text, places, known)
    whole = _Tables(file.parent, assembly, say).inline(text.data)
    return assembly.plan(whole), sites(whole, places)


def terms_in(path: str | Path) -> Mapping[str, Any]:
    """The terms that the file of a plan writes, as they stand there; for a plan that `load_plan` takes."""
    said: Mapping[str, Any] = _text(_file(Path(path))).data.get("terms") or {}
    return said


def _text(file: Path) -> Text:
    try:
        read = _READERS.get(file.suffix.lower())
        if read is None:
            raise Unreadable(f"{quoted(file.name)} is no form of a plan", "give .yaml, .json or .toml, or a folder")
        text = read(text_of(bytes_of(file, MOST_PLAN)))
        if text.data is None:
            raise Unreadable("the file is empty", "begin with `name`, `house`, `dealers` and `precedence`")
    except Unreadable as error:
        raise PlanError([_fault(file, error)]) from None
    return text


def plan_from_data(data: Any, customs: Given = None) -> Plan:
    """The plan of data with everything inline, as `plan_data` gives it; `PlanError` with all faults at once."""
    assembly = Assembly(Text(data, {}, {}), Places(""), _customs(customs))
    return assembly.plan(data)


def dump_plan(plan: Plan, *, form: str = "yaml") -> str:
    """The whole plan as the text of one file: `yaml` (the default) or `json`.

    What is loaded from it has the same digest. Custom functions are written by name only; give them to
    `load_plan` again. `MissingExtra` for YAML without PyYAML.
    """
    data = plan_data(plan)
    if form == "json":
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    if form != "yaml":
        raise ValueError(f"form is yaml or json, not {form!r}")
    try:
        import yaml
    except ModuleNotFoundError:
        raise MissingExtra("writing YAML", "yaml") from None

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    written: str = yaml.dump(
        data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
    )
    return written


def _fault(path: Path | str, error: Unreadable, trail: Trail = ()) -> Fault:
    line, column = error.mark
    return Fault(f"{path}:{line}:{column}", error.what, error.cure, trail)


def _file(path: Path) -> Path:
    """The file of a plan: itself, or the one plan in a folder."""
    try:
        path.stat()
        if not path.is_dir():
            return path
        names = sorted(entry.name for entry in path.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        raise PlanError([_nothing_at(path)]) from None
    except (OSError, ValueError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise PlanError([Fault(quoted(str(path)), what)]) from None
    found = [name for name in names if name in _NAMES]
    if len(found) > 1:
        plans = ", ".join(map(quoted, found))
        raise PlanError([Fault(str(path), f"there is more than one plan: {plans}", "keep one, or name the file")])
    if not found:
        cure = did_you_mean("plan.yaml", [name for name in names if name.startswith("plan")])
        what = "this folder has no `plan.yaml`, `plan.json` or `plan.toml`"
        raise PlanError([Fault(str(path), what, cure or "add one, or name another folder or file")])
    return path / found[0]


def _nothing_at(path: Path) -> Fault:
    """That the path leads nowhere: the first part of it that is not there, and what there is instead."""
    gone = path
    while gone.parent != gone and not gone.parent.exists():
        gone = gone.parent
    if gone.is_symlink():
        return Fault(str(gone), "is a link to nothing", "mend it")
    near = nearest(gone.name, _plans_in(gone.parent, folders_only=gone != path))
    what = "there is no such file or folder" if gone == path else "there is no such folder"
    return Fault(str(gone), what, f"did you mean {quoted(near)}?" if near else _HOW)


def _plans_in(folder: Path, *, folders_only: bool) -> list[str]:
    """The names of what may be a plan: folders, and files of a form that can be read."""
    try:
        with os.scandir(folder) as entries:
            some = list(islice(entries, _MOST_NAMES))
    except OSError:
        return []
    forms = () if folders_only else tuple(_READERS)
    return [entry.name for entry in some if entry.is_dir() or entry.name.lower().endswith(forms)]


# Python


def _is_name(text: str) -> bool:
    """Whether the text looks like `package.module:attribute`."""
    module, colon, attribute = text.partition(":")
    parts = (*module.split("."), *attribute.split("."))
    return bool(colon) and all(part.isidentifier() for part in parts)


def _named(text: str) -> Any:
    """What stands at `package.module:attribute`; `PlanError` where nothing does, or importing it fails."""
    name, _, attribute = text.partition(":")
    try:
        found: Any = import_module(name)
        for part in attribute.split("."):
            found = getattr(found, part)
    except PlanError:
        raise
    except AttributeError as error:
        if getattr(error, "obj", None) is None or getattr(error, "name", None) not in attribute.split("."):
            raise _failed(text, error) from error
        cure = did_you_mean(error.name, [n for n in dir(error.obj) if not n.startswith("_")])
        raise PlanError([Fault(text, f"there is no {quoted(error.name)}", cure)]) from None
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            cure = "run from its folder, or install it"
            raise PlanError([Fault(text, f"there is no module {quoted(error.name)}", cure)]) from None
        raise _failed(text, error) from error
    except (Exception, SystemExit) as error:
        raise _failed(text, error) from error
    return found


def _failed(text: str, error: BaseException) -> PlanError:
    what = f"importing it raised {type(error).__name__}: {quoted(str(error))}"
    return PlanError([Fault(text, what, "mend the module")])


def _expect(found: Any, text: str) -> Plan:
    if isinstance(found, Plan):
        return found
    raise PlanError([Fault(text, f"is of type {quoted(type(found).__name__)}", "name a Plan")])


def _customs(given: Given) -> Customs:
    if isinstance(given, str):
        if not _is_name(given):
            raise PlanError([Fault("customs", f"{quoted(given)} names nothing", "write package.module:attribute")])
        given = _named(given)
    listed: Any = () if given is None else given.items() if isinstance(given, Mapping) else given
    if isinstance(listed, Iterable) and not isinstance(given, Mapping):
        listed = [(getattr(one, "name", ""), one) for one in listed]
    if not isinstance(listed, Iterable) or not all(isinstance(one, (Custom, Pick)) for _, one in listed):
        raise PlanError([Fault("customs", "are not customs and picks", "write {name: Custom(...), name: Pick(...)}")])
    return Customs(
        {name: one for name, one in listed if isinstance(one, Custom)},
        {name: one for name, one in listed if isinstance(one, Pick)},
    )


# Tables


class _Tables:
    """Puts the tables that a document names in their place, row by row."""

    def __init__(self, folder: Path, assembly: Assembly, say: Say) -> None:
        self.folder, self.assembly, self.say = folder, assembly, say
        self.places, self.wrongs = assembly.places, assembly.wrongs

    def inline(self, data: Any) -> Any:
        """The document with its tables inline."""
        if not isinstance(data, dict):
            return data
        named: dict[str, Any] = {
            name: self.rows(name, data[name]) for name in _NEEDED if isinstance(data.get(name), str)
        }
        tree = data.get("taxonomy")
        if isinstance(tree, dict) and isinstance(tree.get("file"), str):
            if tree.get("codes") is not None:
                self.wrongs.add(("taxonomy", "file"), "`codes` and `file` are both given", "keep one of them", key=True)
            else:
                named["taxonomy"] = {"id": tree.get("id"), "codes": self.codes(tree["file"])}
        return {**data, **named}

    def rows(self, name: str, file: str) -> list[dict[str, Any]]:
        """The rows of one table; an empty list where it cannot be read, and then it is bad."""
        read = self.table((name,), file, columns(name), _NEEDED[name])
        return [{column: typed(column, cell) for column, cell in row.items()} for row in read.values()]

    def codes(self, file: str) -> dict[str, str | None]:
        """A taxonomy's codes and what they are part of."""
        found: dict[str, str | None] = {}
        trail: Trail = ("taxonomy", "codes")
        lines: dict[str | int, int] = {}
        rows = self.table(trail, file, ("code", "parent"), ("code",))
        table = self.places.tables.get(trail)
        for at, row in rows.items():
            code = row.get("code", "").strip()
            if table is not None:
                if code in found:
                    self.wrongs.add((*trail, at, "code"), f"the code {quoted(code)} comes twice", "keep one of them")
                lines.setdefault(code, table.lines[at])
            found.setdefault(code, row.get("parent", "").strip() or None)
        if table is not None:
            self.places.tables[trail] = Rows(table.file, {**table.lines, **lines})
        return found

    def table(
        self, trail: Trail, name: str, known: tuple[str, ...], needed: tuple[str, ...]
    ) -> dict[int, dict[str, str]]:
        """The cells of each row by index; what is wrong is noted where it stands."""
        try:
            path = beside(self.folder, name)
            data = bytes_of(path, MOST_TABLE)
        except Unreadable as error:
            what = error.what if quoted(name) in error.what else f"{quoted(name)}: {error.what}"
            self.wrongs.add(trail if trail[0] != "taxonomy" else ("taxonomy", "file"), what, error.cure)
            self.wrongs.bad.add(trail)
            return {}
        try:
            table = read_table(data, str(path), self.say)
        except Unreadable as error:
            self.wrongs.faults.append(_fault(path, error, trail))
            self.wrongs.bad.add(trail)
            return {}
        header = read_header(table.names, known, needed)
        for column, what, cure in header.wrong:
            self.wrongs.faults.append(Fault(f"{path}:1:{column}", what, cure, trail))
        lines: dict[str | int, int] = {}
        rows: dict[int, dict[str, str]] = {}
        for at, row in enumerate(table.rows()):
            lines[at], rows[at] = row.line, header.cells(row)
            if len(row.cells) > len(header.columns):
                what = f"{len(row.cells)} cells under {len(header.columns)} columns"
                self.wrongs.faults.append(Fault(f"{path}:{row.line}:1", what, "quote a cell that holds the delimiter"))
            if row.loose:
                what = "a quote that does not close"
                self.wrongs.faults.append(Fault(f"{path}:{row.line}:1", what, 'close it, or write "" for a quote'))
            self.wrongs.bad |= {(*trail, at, column) for column in header.missing}
        self.places.tables[trail] = Rows(str(path), lines)
        if header.missing and trail == ("dealers",):
            self.wrongs.bad.add(trail)
        return rows
