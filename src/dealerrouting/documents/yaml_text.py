"""YAML text to plain data with places, by our own resolver.

May know: PyYAML's parser (extra `yaml`), scalars, places. May not know: what the data means.
Only the parser's events are used; nothing is constructed. Its usual resolvers read `01067` as 567,
`NO` as false and `12:30` as 750. Here true and false are the only truths, a leading zero makes text,
there are no dates; keys are text and come once; anchors, aliases, merge keys and tags are refused, so
that a small file is small data. Nothing here recurses, so depth costs nothing before it is refused.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field

from dealerrouting.documents.places import Mark, Text, Trail, Unreadable
from dealerrouting.documents.scalars import plain
from dealerrouting.errors import MissingExtra, quoted

__all__ = ["MOST_DEPTH", "MOST_NODES", "read_yaml"]

MOST_DEPTH = 64
MOST_NODES = 1_000_000
_FEW = 20


@define
class _Frame:
    """A mapping or a list that is still open."""

    trail: Trail
    into: dict[str, Any] | list[Any]
    key: str | None = None
    skip: bool = False  # the key was refused: its value is read and dropped


@define
class _Builder:
    data: Any = None
    marks: dict[Trail, Mark] = field(factory=dict)
    keys: dict[Trail, Mark] = field(factory=dict)
    wrong: list[tuple[Trail, str, str]] = field(factory=list)
    frames: list[_Frame] = field(factory=list)
    nodes: int = 0
    documents: int = 0
    dropped: int = 0  # so many keys that were refused, each with a trail of its own

    def take(self, event: Any, yaml: Any) -> None:
        mark = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise Unreadable("a second document begins here", "keep one document in a file", *mark)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.frames.pop()
            self.done()
        elif isinstance(event, yaml.NodeEvent):
            self.count(mark)
            self.node(event, mark, yaml)

    def count(self, mark: Mark) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise Unreadable(f"more than {MOST_NODES:,} values", "put tables in CSV files", *mark)
        if len(self.frames) >= MOST_DEPTH:
            raise Unreadable(f"nested more than {MOST_DEPTH} deep", "write it flatter", *mark)

    def node(self, event: Any, mark: Mark, yaml: Any) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is not None and isinstance(frame.into, dict) and frame.key is None:
            self.name(frame, event, mark, yaml)
            return
        trail = self.trail(frame)
        self.marks.setdefault(trail, mark)  # what a refused key holds stands where the key does
        self.marked(event, trail, yaml)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            into: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
            self.put(frame, into)
            self.frames.append(_Frame(trail, into))
        else:
            self.put(frame, self.scalar(event, trail, yaml))
            self.done()

    def name(self, frame: _Frame, event: Any, mark: Mark, yaml: Any) -> None:
        """A key: text, once, and no merge."""
        if not isinstance(event, yaml.ScalarEvent):
            raise Unreadable("a key that is not text", "write keys as plain words", *mark)
        key = event.value
        trail = (*frame.trail, key)
        bare = not event.style
        if bare and key == "<<":
            self.refuse(frame, mark, "merge keys (`<<`) are not read", "write the keys out")
        elif event.tag is not None or event.anchor is not None:
            self.refuse(frame, mark, f"tags and anchors are not read, as at {quoted(key)}", "leave them out")
        elif bare and not isinstance(_plain(key), str):
            self.refuse(frame, mark, f"the key {quoted(key)} is not text", f'write it in quotes: "{key[:20]}"')
        elif isinstance(frame.into, dict) and key in frame.into:
            line = self.keys[trail][0]
            self.refuse(frame, mark, f"the key {quoted(key)} comes twice, first on line {line}", "keep one of them")
        else:
            self.keys[trail] = mark
            frame.key, frame.skip = key, False

    def refuse(self, frame: _Frame, mark: Mark, what: str, cure: str) -> None:
        """Complain of a key; what it holds is read under a trail of its own, and dropped."""
        self.dropped += 1
        frame.key, frame.skip = f"\0{self.dropped}", True
        trail = (*frame.trail, frame.key)
        self.marks[trail] = self.keys[trail] = mark
        self.complain(trail, what, cure)

    def complain(self, trail: Trail, what: str, cure: str) -> None:
        if len(self.wrong) < _FEW:
            self.wrong.append((trail, what, cure))

    def trail(self, frame: _Frame | None) -> Trail:
        if frame is None:
            return ()
        if isinstance(frame.into, list):
            return (*frame.trail, len(frame.into))
        return (*frame.trail, frame.key or "")

    def marked(self, event: Any, trail: Trail, yaml: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.complain(trail, f"aliases (`*{event.anchor[:20]}`) are not read", "write the value out")
        elif event.anchor is not None:
            self.complain(
                trail, f"anchors (`&{event.anchor[:20]}`) are not read", "write the value out where it is used"
            )
        elif event.tag is not None:
            self.complain(trail, f"tags ({quoted(event.tag)}) are not read", "leave the tag out")

    def put(self, frame: _Frame | None, value: Any) -> None:
        if frame is None:
            self.data = value
        elif isinstance(frame.into, list):
            frame.into.append(value)
        elif not frame.skip:
            frame.into[frame.key or ""] = value

    def done(self) -> None:
        """A value is complete: the mapping around it waits for its next key."""
        if self.frames and isinstance(self.frames[-1].into, dict):
            self.frames[-1].key = None

    def scalar(self, event: Any, trail: Trail, yaml: Any) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return None
        if event.style:
            return event.value
        try:
            return plain(event.value)
        except ValueError as error:
            self.complain(trail, f"{quoted(event.value)}: {error}", "write it in quotes, or mend it")
            return None


def _plain(key: str) -> object:
    try:
        return plain(key)
    except ValueError:
        return None


def read_yaml(text: str) -> Text:
    """The one document in `text`; `Unreadable` where it is not YAML, or beyond a bound.

    `MissingExtra` without PyYAML.
    """
    try:
        import yaml
    except ModuleNotFoundError:
        raise MissingExtra("reading YAML", "yaml") from None
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event, yaml)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        where = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Unreadable(f"this is not YAML: {what}", "mend it here or just before", *where) from None
    except yaml.YAMLError as error:
        raise Unreadable(f"this is not YAML: {quoted(str(error))}", "take the unprintable characters out") from None
    return Text(builder.data, builder.marks, builder.keys, tuple(builder.wrong))
