"""Whether a document has the shape of a plan, said in the words of a person.

May know: pydantic, shapes, places. May not know: what a value means.
pydantic finds everything that has the wrong shape; here it is said once, by the place where it stands.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from dealerrouting.documents.places import Trail, Wrongs
from dealerrouting.documents.shapes import RUNGS, PlanShape, known_keys
from dealerrouting.errors import did_you_mean, quoted

__all__ = ["check", "pruned", "shown"]


def check(data: Any, wrongs: Wrongs) -> None:
    """Note everything in `data` that does not have the shape of a plan."""
    try:
        PlanShape.model_validate(data)
    except ValidationError as error:
        found: dict[Trail, list[Any]] = {}
        for one in error.errors(include_url=False, include_context=True):
            found.setdefault(_trail(data, one), []).append(one)
        for trail in sorted(found, key=len, reverse=True):
            if not any(trail == other[: len(trail)] and trail != other for other in found):
                _say(data, trail, found[trail], wrongs)


def _trail(data: Any, error: Any) -> Trail:
    """pydantic's path without the names of the branches it tried."""
    trail: list[str | int] = []
    here = data
    for step in error["loc"]:
        inside = step in here if isinstance(here, dict) else isinstance(here, list) and isinstance(step, int)
        if inside:
            here = here[step]
            trail.append(step)
    if error["type"] == "missing":
        trail.append(error["loc"][-1])
    return tuple(trail)


_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "is_instance_of": "a number",
    "decimal_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def _say(data: Any, trail: Trail, errors: list[Any], wrongs: Wrongs) -> None:
    kinds = {error["type"] for error in errors}
    name = trail[-1] if trail else ""
    if "missing" in kinds:
        wrongs.add(trail, f"`{name}` is missing", "add it")
    elif "extra_forbidden" in kinds:
        wrongs.add(trail, f"unknown key {quoted(name)}", did_you_mean(name, known_keys(trail[:-1])), key=True)
    elif "union_tag_not_found" in kinds or "union_tag_invalid" in kinds:
        _say_rung(errors[0]["input"], trail, wrongs)
    elif "literal_error" in kinds:
        wrongs.add(trail, f"schema_version {shown(errors[0]['input'])} is not known here", "this release reads 1")
    else:
        _say_kind(_at(data, trail), trail, kinds, wrongs)


def _say_kind(value: Any, trail: Trail, kinds: set[str], wrongs: Wrongs) -> None:
    if not trail and value is None:
        wrongs.add((), "the plan is empty", "begin with `name`, `house`, `dealers` and `precedence`")
        return
    meant = [_KINDS[kind] for kind in _KINDS if kind in kinds] or ["what belongs here"]
    if "a number" in meant:
        meant = [kind for kind in meant if kind != "a whole number"]
    cure = "write it in quotes" if "text" in meant and isinstance(value, (int, float, Decimal)) else ""
    if not trail:
        cure = "a plan begins with `name`, `house`, `dealers` and `precedence`"
    wrongs.add(trail, f"{shown(value)} is not {' or '.join(dict.fromkeys(meant))}", cure)


def _say_rung(item: Any, trail: Trail, wrongs: Wrongs) -> None:
    words = [key for key in item if key != "pick"] if isinstance(item, dict) else [item]
    if len([word for word in words if word in RUNGS]) > 1:
        wrongs.add(trail, "two rungs in one item", "begin each with a `-` of its own")
    elif words == ["rules"]:
        wrongs.add(trail, "`rules` needs its list of rules", "write {rules: [{id: .., when: .., dealers: [..]}]}")
    elif isinstance(item, (dict, str)):
        word = words[0] if words else "nothing"
        wrongs.add(trail, f"unknown rung {quoted(word)}", did_you_mean(word, RUNGS), key=True)
    else:
        wrongs.add(trail, f"{shown(item)} is not a rung", "write {territories: {}} for example")


def shown(value: Any) -> str:
    """A value of a document in backticks, or what kind of thing it is."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else quoted(value)  # 1 is no `true`


def _at(data: Any, trail: Trail) -> Any:
    for step in trail:
        data = data[step]
    return data


def pruned(data: Any, bad: set[Trail]) -> Any:
    """The data without its bad parts; in lists nothing stands in their place, so that indexes stay."""
    around = {trail[:length] for trail in bad for length in range(len(trail))}
    return _pruned(data, (), bad, around)


def _pruned(node: Any, trail: Trail, bad: set[Trail], around: set[Trail]) -> Any:
    if trail in bad and trail:
        return None
    if trail not in around:
        return node
    if isinstance(node, dict):
        return {
            key: _pruned(value, (*trail, key), bad, around) for key, value in node.items() if (*trail, key) not in bad
        }
    if isinstance(node, list):
        return [_pruned(value, (*trail, index), bad, around) for index, value in enumerate(node)]
    return node
