"""`update` and `write`: what a golden file expects, brought to what its plan decides, and nothing else in it touched.

May know: golden cases, where the nodes of a YAML file begin and end. May not know: pytest.
Only the words under `expect` change; every other byte stays, comments and layout too. What comes out is read again
before it is written: where it is not the same file with those words, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from dealerrouting.documents.files import MOST_PLAN, bytes_of, save, text_of
from dealerrouting.documents.places import DocumentError, Unreadable
from dealerrouting.documents.yaml_text import read_yaml
from dealerrouting.errors import Fault
from dealerrouting.testing.golden_case import ASPECTS, Verdict
from dealerrouting.testing.golden_read import GoldenFile
from dealerrouting.testing.golden_tell import compared, plainly
from dealerrouting.testing.golden_text import expected_data, flow

__all__ = ["Update", "update", "write"]


@frozen
class Update:
    """What would be written to a golden file.

    `before` is what stands there. `changes` says it case by case, for people: show it before `write` is called.
    """

    path: Path
    before: bytes
    after: bytes
    changes: str


def update(file: GoldenFile, verdicts: Iterable[Verdict]) -> Update | None:
    """The file with the decisions of those cases that did not pass; None where all did.

    `DocumentError` where the file cannot be edited in place; then it is to be done by hand.
    """
    wrong = [verdict for verdict in verdicts if not verdict.passed]
    if not wrong:
        return None
    text = file.data.decode("utf-8")
    root = _root(text)
    edits = [edit for verdict in wrong for edit in _edits(text, root, verdict)]
    after = _edited(text, edits).encode("utf-8")
    if not _only(file.data, after, wrong):
        what = "this layout cannot be edited without touching more than what is expected"
        raise DocumentError([Fault(verdict.case.place, what, f"write {_line(verdict)} by hand") for verdict in wrong])
    shown = "\n".join(line for verdict in wrong for line in _shown(verdict))
    return Update(file.path, file.data, after, plainly(shown))


def write(update: Update) -> None:
    """Write it, whole or not at all.

    `DocumentError` where the file is no longer what was read, or cannot be written.
    """
    path = update.path.resolve()
    try:
        now = bytes_of(path, MOST_PLAN)
    except Unreadable as error:
        raise DocumentError([Fault(str(update.path), error.what, error.cure)]) from None
    if now != update.before:
        raise DocumentError(
            [Fault(str(update.path), "was changed in the meantime", "nothing was written: run it again")]
        )
    save(path, update.after.decode("utf-8"))


def _shown(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.case.place}: {verdict.case.name}"
    yield from compared(verdict)


def _line(verdict: Verdict) -> str:
    return f"`expect: {flow(expected_data(verdict.decision))}`"


# Edits: from, to, text

Edit = tuple[int, int, str]


def _root(text: str) -> Any:
    """The nodes of the file; that it is one of ours was found when it was read."""
    import yaml

    return yaml.compose(text, Loader=yaml.SafeLoader)


def _edited(text: str, edits: list[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _pairs(node: Any) -> dict[str, tuple[Any, Any]]:
    return {key.value: (key, value) for key, value in node.value}


def _edits(text: str, root: Any, verdict: Verdict) -> Iterator[Edit]:
    case = _pairs(root)["cases"][1].value[verdict.case.index]
    whole = expected_data(verdict.decision)
    expect = _pairs(case).get("expect")
    if expect is None:
        yield _added(text, case, whole)
    elif not getattr(expect[1], "value", None) or verdict.case.expect.empty:
        start = expect[1].start_mark.index
        yield (start, _end(text, expect[1]), ("" if text[start - 1].isspace() else " ") + flow(whole))
    else:
        parts = _pairs(expect[1])
        for miss in verdict.misses:
            new: Any = list(miss.actual) if miss.name in ("because", "flags") else miss.actual[0]
            yield from _value(text, parts[miss.name][1], new)


def _value(text: str, node: Any, new: Any) -> Iterator[Edit]:
    """Another value for a node, in its own style as far as it goes."""
    start, end = node.start_mark.index, _end(text, node)
    block = hasattr(node, "flow_style") and not node.flow_style
    if isinstance(new, list) and block and len(new) == len(node.value):
        for item, word in zip(node.value, new, strict=True):
            if item.value != word:
                yield from _value(text, item, word)
    elif isinstance(new, list) and block and new:
        between = "\n" + " " * node.start_mark.column
        yield (start, end, _ended(text, between.join(f"- {flow(word)}" for word in new)))
    elif isinstance(new, str) and getattr(node, "style", None) == "'" and new.isprintable() and "'" not in new:
        yield (start, end, f"'{new}'")
    else:
        yield (start, end, flow(new))


def _ended(text: str, new: str) -> str:
    """With the line ends of the file."""
    return new.replace("\n", "\r\n") if "\r\n" in text else new


def _end(text: str, node: Any) -> int:
    """Where the node's own text ends: a block's mark is where the next thing begins, comments and all."""
    import yaml

    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        end = int(node.end_mark.index)
        while end > node.start_mark.index and text[end - 1].isspace():  # a text of several lines has its line end
            end -= 1
        return end
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _added(text: str, case: Any, whole: dict[str, Any]) -> Edit:
    """What is expected, added to a case that expects nothing: as its last key."""
    end = _end(text, case.value[-1][1])
    if case.flow_style:
        return (end, end, f", expect: {flow(whole)}")
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop - 1 if text[stop - 1] == "\r" else stop
    indent = " " * case.value[0][0].start_mark.column
    return (stop, stop, _ended(text, f"\n{indent}expect: {flow(whole)}"))


# That it is what it should be


def _only(before: bytes, after: bytes, wrong: list[Verdict]) -> bool:
    """Whether both are the same file but for what these cases expect, and that is now as decided."""
    try:
        was, now = (read_yaml(text_of(data)) for data in (before, after))
    except Unreadable:
        return False
    if now.wrong or not isinstance(now.data, dict):
        return False
    for verdict in wrong:
        old, new = (data["cases"][verdict.case.index] for data in (was.data, now.data))
        if not _decided(new.get("expect"), old.get("expect"), verdict):
            return False
        old.pop("expect", None)
        new.pop("expect", None)
    return bool(was.data == now.data)


def _decided(new: Any, old: Any, verdict: Verdict) -> bool:
    whole = expected_data(verdict.decision)
    if not isinstance(old, dict) or not any(old.get(name) is not None for name in ASPECTS):
        return bool(new == whole)
    wanted = dict(old)
    for miss in verdict.misses:
        wanted[miss.name] = list(miss.actual) if miss.name in ("because", "flags") else miss.actual[0]
    return bool(new == wanted)
