"""The picture of a claim's life: statuses as cards, and whatever moves a claim as an arrow.

May know: the tables of `registrations`, the words of the pages, how the picture of the SLA draws its lines. May not
know: files, the other pages.
Where things stand is laid out by hand, in `CARDS`, `BOXES` and `ROUTES`; what stands there is what the tables say.
A move that may lead to several statuses goes to the card of the rules, and from there to each of them. A route that no
row needs is not drawn; a row without a route is an error that says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from xml.sax.saxutils import escape

from attrs import define, field, frozen
from claim_words import BESIDES, MADE, NEW, STATUSES, choosing, groups, places, rules_that
from sla_picture import EDGE, PAPER, STEP, STYLE, Card, Corners, Point, _path, _text

from dealerrouting.registrations import table

__all__ = ["RULES", "Arrow", "arrows", "picture"]

TITLE = "Where a claim can be, and what moves it"
RULES = "the rules"
COLOURS = {"dealer": "#2b5b84", "person": "#6d3f82", "time": "#a94400", "rules": "#45525f"}
MORE_STYLE = "\n".join(f"  .{kind} {{ fill: {colour}; }}" for kind, colour in COLOURS.items())

# Where things stand


@frozen
class Route:
    """The corners of an arrow, and where its words stand: their `start`, `middle` or `end` is at `at`.

    `over` is where it goes over another arrow, which has a gap there.
    """

    corners: Corners
    at: Point
    anchor: str = "start"
    over: Corners = ()


BRIDGE = ((460, 384), (460, 368))
WIDTH, HEIGHT = 1202, 892
OPEN_FILL = "#eaf1f6"
CARDS: Mapping[str, Card] = {
    NEW: Card(28, 84, 150, 88, 20),
    RULES: Card(286, 84, 660, 132, 96, fill="#f3f1ea"),
    "approved": Card(48, 330, 272, 410, 38),
    "submitted": Card(500, 330, 272, 92, 38),
    "returned": Card(500, 480, 272, 88, 38),
    "rejected": Card(936, 330, 222, 100, 31),
    "expired": Card(936, 522, 222, 84, 31),
    "withdrawn": Card(936, 613, 222, 76, 31),
    "converted": Card(936, 696, 222, 44, 31),
}
BOXES: Mapping[str, Card] = {
    "open": Card(28, 268, 804, 488, 38, fill=OPEN_FILL),
    "over": Card(920, 268, 254, 488, 30, fill="#efece5"),
}
ROUTES: Mapping[tuple[str, str, str], Route] = {
    (NEW, RULES, "dealer"): Route(((178, 128), (286, 128)), (232, 120), "middle"),
    (RULES, "approved", "rules"): Route(((304, 216), (304, 330)), (314, 246)),
    (RULES, "submitted", "rules"): Route(((560, 216), (560, 330)), (570, 246)),
    (RULES, "rejected", "rules"): Route(((946, 128), (1047, 128), (1047, 330)), (960, 120)),
    ("submitted", RULES, "time"): Route(((720, 330), (720, 216)), (730, 246)),
    ("returned", RULES, "dealer"): Route(((500, 524), (460, 524), (460, 216)), (450, 476), "end", BRIDGE),
    ("submitted", "approved", "person"): Route(((500, 376), (320, 376)), (390, 368), "middle"),
    ("submitted", "returned", "person"): Route(((600, 422), (600, 480)), (610, 456)),
    ("submitted", "rejected", "person"): Route(((772, 376), (936, 376)), (876, 368), "middle"),
    ("returned", "rejected", "person"): Route(((772, 500), (894, 500), (894, 410), (936, 410)), (886, 460), "end"),
    ("open", "expired", "time"): Route(((832, 564), (936, 564)), (876, 556), "middle"),
    ("open", "withdrawn", "dealer"): Route(((832, 638), (936, 638)), (876, 630), "middle"),
    ("approved", "withdrawn", "person"): Route(((320, 670), (936, 670)), (876, 662), "middle"),
    ("approved", "converted", "person"): Route(((320, 718), (936, 718)), (876, 710), "middle"),
}
"""From, to, and who."""
LEGEND = (
    (28, 786, "dealer", "the dealer does it"),
    (28, 810, "person", "a person of the manufacturer does it"),
    (340, 786, "time", "nobody: a sweep does it"),
    (340, 810, "rules", "what the rules say"),
    (640, 786, "box", "from the edge of a box: from every status in it"),
    (640, 810, "", "* with evidence        stays: what moves nothing"),
)


# What the tables say


@define
class Arrow:
    """From a card or box to another, and who does it: by which moves, and why."""

    source: str
    target: str
    who: str
    words: list[str] = field(factory=list)
    why: list[str] = field(factory=list)


def arrows() -> list[Arrow]:
    """Every arrow there is: the moves, then what the rules make of those that they decide."""
    found: dict[tuple[str, str, str], Arrow] = {}
    for source, target, who, word, why in (*_by_moves(), *_by_rules()):
        arrow = found.setdefault((source, target, who), Arrow(source, target, who))
        arrow.words.append(word)
        arrow.why.append(why)
    return list(found.values())


def _by_moves() -> Iterator[tuple[str, str, str, str, str]]:
    for row in table.TABLE:
        for source in places(row.statuses):
            for target in (RULES,) if row in choosing() else places(row.to):
                if target != source:
                    yield source, target, row.who, row.do + " *" * row.evidence, f"{row.do}: {row.why}"


def _by_rules() -> Iterator[tuple[str, str, str, str, str]]:
    """One arrow to each status that the rules may lead to; they must be the same for all moves."""
    ends = {row.to for row in choosing()}
    if len(ends) > 1:
        raise LookupError(f"the rules lead to {sorted(ends)}: draw a card for each in tools/claim_picture.py")
    says = {
        "approved": ("allows", "nothing speaks against it, and auto_approve is on"),
        "rejected": ("rejects", "a rule rejects it"),
        "submitted": ("waits, asks", "a rule makes it wait or asks a person, or a person is to approve"),
    }
    for target in next(iter(ends), ()):
        yield RULES, target, "rules", *says.get(target, ("", ""))


# How it is drawn


def picture() -> str:
    """The whole picture as SVG."""
    boxes = (line for name, box in BOXES.items() for line in _card(name, box, 12))
    cards = (line for name, card in CARDS.items() for line in _card(name, card, 8))
    lines = (line for arrow in arrows() for line in _arrow(arrow))
    return "\n".join([*_head(), *boxes, *cards, *lines, *_legend(), "</svg>", ""])


def _head() -> Iterator[str]:
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="name said">'
    yield f"<!-- {MADE} -->"
    yield f'<title id="name">{TITLE}</title>'
    yield f'<desc id="said">{escape(_said())}</desc>'
    yield STYLE.replace("</style>", f"{MORE_STYLE}\n</style>")
    yield "<defs>"
    for name, colour in COLOURS.items():
        shape = f'<path d="M0 0.8 L10 5 L0 9.2 Z" fill="{colour}"/>'
        box = 'viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9"'
        yield f'  <marker id="{name}" {box} markerUnits="userSpaceOnUse" orient="auto">{shape}</marker>'
    yield "</defs>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" rx="14" fill="{PAPER}" stroke="{EDGE}"/>'
    yield _text(28, 50, TITLE, "title")


def _said() -> str:
    """The picture in words, for whoever does not see it."""
    boxes = "; ".join(f"{name} is {', '.join(inside)}" for name, inside in groups().items())
    lines = "; ".join(f"{one.source} to {one.target} by {', '.join(one.words)} ({one.who})" for one in arrows())
    rules = "; ".join(f"{does}: {', '.join(rules_that(does))}" for does in ("rejects", "waits", "asks"))
    said = f"Statuses: {boxes}. Arrows: {lines}. The rules that decide: {rules}. {' '.join(BESIDES)}"
    return said.replace("`", "")


def _meaning(name: str) -> str:
    """What a card or box is, in words."""
    besides = {
        NEW: "a dealer claims a prospect",
        RULES: "asked when a claim comes in, when it is completed, and by every settle",
        "open": "on one prospect only one claim stands at a time: the first",
        "over": "for good",
    }
    return (STATUSES | besides)[name].replace("`", "")


def _card(name: str, card: Card, radius: int) -> Iterator[str]:
    """A name and a meaning at the top, and at the foot what happens here and moves nothing."""
    size = f'x="{card.x}" y="{card.y}" width="{card.width}" height="{card.height}" rx="{radius}"'
    yield f'<rect {size} fill="{card.fill}" stroke="{EDGE}"/>'
    yield _text(card.x + 12, card.y + 21, name, "name")
    for number, line in enumerate(wrap(_meaning(name), card.letters)):
        yield _text(card.x + 12, card.y + 37 + 14 * number, line, "soft")
    lines = list(_foot(name))
    for number, (kind, line, why) in enumerate(lines):
        y = card.y + card.height - 12 - STEP * (len(lines) - 1 - number)
        yield _text(card.x + 12, y, line, f"mono {kind}", title=why)


def _foot(place: str) -> Iterator[tuple[str, str, str]]:
    """Lines with their kind and reason: the rules by what they do, the moves that lead back to where they began."""
    for does in ("rejects", "waits", "asks") if place == RULES else ():
        found = rules_that(does)
        yield "rules", f"{does}: {', '.join(found)}", "; ".join(f"{name}: {why}" for name, why in found.items())
    for row in table.TABLE:
        if row.to == (place,) and place in row.statuses:
            yield row.who, f"stays: {row.do}{' *' * row.evidence}", f"{row.do}: {row.why}"


def _arrow(arrow: Arrow) -> Iterator[str]:
    key = (arrow.source, arrow.target, arrow.who)
    if key not in ROUTES:
        raise LookupError(f"the table leads from {key[0]} to {key[1]}: add {key} to ROUTES in tools/claim_picture.py")
    route = ROUTES[key]
    said = f"{arrow.source} to {arrow.target}. {'. '.join(arrow.why)}"
    yield f"<g><title>{escape(said)}</title>"
    if route.over:
        yield f'<path d="{_path(route.over)}" fill="none" stroke="{OPEN_FILL}" stroke-width="9"/>'
    yield _line(route.corners, arrow.who, dotted=arrow.source in BOXES)
    for number, line in enumerate(arrow.words):
        yield _text(route.at[0], route.at[1] + STEP * number, line, f"mono {arrow.who}", route.anchor)
    yield "</g>"


def _line(corners: Corners, who: str, *, dotted: bool) -> str:
    """An arrow along the corners; one that begins at the edge of a box has a dot there."""
    dashes = {"time": ' stroke-dasharray="6 4"'}.get(who, "")
    (x, y), *_ = corners
    dot = f'<circle cx="{x}" cy="{y}" r="3.4" fill="{COLOURS[who]}"/>' if dotted else ""
    drawn = f'fill="none" stroke="{COLOURS[who]}" stroke-width="1.7"{dashes} marker-end="url(#{who})"'
    return f'<path d="{_path(corners)}" {drawn}/>{dot}'


def _legend() -> Iterator[str]:
    """What the lines mean, and what no arrow shows."""
    for x, y, kind, words in LEGEND:
        if kind:
            who = kind if kind in COLOURS else "dealer"
            yield _line(((x, y - 4), (x + 36, y - 4)), who, dotted=kind == "box")
        yield _text(x + 48 if kind else x, y, words, "note")
    for number, line in enumerate(BESIDES):
        yield _text(28, 839 + 18 * number, line.replace("`", ""), "soft")
