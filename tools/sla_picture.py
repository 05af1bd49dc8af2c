"""The picture of the machine: phases as cards, and whatever moves a lead as an arrow.

May know: the table of `sla`, the words of the pages. May not know: files, the other pages.
Where things stand is laid out by hand, in `CARDS`, `BOXES` and `ROUTES`; what stands there is what the table says.
Phases that go the same way share a box, and one arrow from its edge stands for all of them. A route that no row
needs is not drawn; a row without a route is an error that says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import TypeAlias
from xml.sax.saxutils import escape

from attrs import define, field, frozen
from sla_words import BESIDES, MADE, groups, places

from dealerrouting.sla import table

__all__ = ["Arrow", "arrows", "picture"]

TITLE = "Where a lead can be, and what moves it"
PAPER, INK, SOFT, EDGE = "#fbfaf7", "#1d2733", "#55626f", "#c3cbd3"
COLOURS = {"event": "#2b5b84", "timed": "#a94400"}
STYLE = f"""<style>
  text {{ font-family: 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif; fill: {INK}; }}
  .title {{ font-size: 21px; font-weight: 700; }}
  .name {{ font-size: 15px; font-weight: 700; }}
  .soft {{ font-size: 12px; fill: {SOFT}; }}
  .note {{ font-size: 12.5px; }}
  .mono {{ font-family: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 12.5px; }}
  .event {{ fill: {COLOURS["event"]}; }}
  .timed {{ fill: {COLOURS["timed"]}; }}
  .verb {{ font-weight: 700; }}
</style>"""
STEP = 16
"""From one line of small words to the next."""

Point: TypeAlias = tuple[int, int]
Corners: TypeAlias = tuple[Point, ...]


# Where things stand


@frozen
class Card:
    """A rectangle; how many letters of soft text go into its width, and whether a list of words does."""

    x: int
    y: int
    width: int
    height: int
    letters: int
    wide: bool = False
    fill: str = "#ffffff"
    words: str = ""
    inset: int = 12


@frozen
class Route:
    """The corners of an arrow, and where its words stand: their `start`, `middle` or `end` is at `at`.

    Further lines follow below, or with `up` the last one stands there.
    """

    corners: Corners
    at: Point
    anchor: str = "start"
    up: bool = False


WIDTH, HEIGHT = 1202, 850
CARDS: Mapping[str, Card] = {
    "waiting": Card(28, 186, 132, 232, 17),
    "offered": Card(306, 186, 146, 232, 20),
    "accepted": Card(518, 186, 146, 232, 20),
    "contacted": Card(718, 216, 190, 60, 28),
    "qualified": Card(718, 282, 190, 44, 28),
    "quoted": Card(718, 332, 190, 44, 28),
    "house": Card(286, 578, 646, 124, 90, wide=True),
    "won": Card(1026, 186, 138, 56, 18),
    "lost": Card(1026, 250, 138, 56, 18),
    "uncontactable": Card(1026, 314, 138, 82, 18),
}
BOXES: Mapping[str, Card] = {
    "held": Card(286, 124, 646, 336, 90, True, "#eaf1f6", "by a dealer", 50),
    "working": Card(708, 186, 210, 232, 30, True, "#d9e6ef"),
    "closed": Card(1016, 124, 158, 336, 20, False, "#efece5"),
}
ROUTES: Mapping[tuple[str, str, bool], Route] = {
    ("waiting", "offered", False): Route(((160, 208), (306, 208)), (223, 200), "middle"),
    ("waiting", "house", False): Route(((110, 418), (110, 652), (286, 652)), (122, 644)),
    ("waiting", "house", True): Route(((64, 418), (64, 686), (286, 686)), (76, 678)),
    ("held", "waiting", False): Route(((286, 248), (160, 248)), (223, 266), "middle"),
    ("held", "waiting", True): Route(((286, 324), (160, 324)), (223, 342), "middle"),
    ("held", "offered", False): Route(((420, 124), (420, 186)), (430, 160)),
    ("held", "accepted", False): Route(((618, 124), (618, 186)), (628, 160)),
    ("offered", "accepted", False): Route(((452, 290), (518, 290)), (485, 282), "middle"),
    ("held", "working", False): Route(((813, 124), (813, 186)), (823, 160)),
    ("held", "closed", False): Route(((932, 260), (1016, 260)), (974, 252), "middle"),
    ("held", "house", False): Route(((460, 460), (460, 578)), (472, 490)),
    ("held", "house", True): Route(((724, 460), (724, 578)), (736, 490)),
    ("house", "offered", False): Route(((322, 578), (322, 418)), (334, 524)),
    ("house", "accepted", False): Route(((632, 578), (632, 418)), (644, 524)),
    ("house", "waiting", False): Route(((286, 618), (146, 618), (146, 418)), (158, 610)),
    ("house", "house", False): Route(((866, 578), (866, 540), (914, 540), (914, 578)), (890, 532), "middle", up=True),
    ("house", "closed", False): Route(((932, 672), (1130, 672), (1130, 460)), (946, 664)),
    ("closed", "accepted", False): Route(((1095, 124), (1095, 92), (562, 92), (562, 186)), (1083, 84), "end"),
    ("closed", "house", False): Route(((1060, 460), (1060, 622), (932, 622)), (946, 614)),
}
"""From, to, and whether time does it."""
LEGEND = (
    (28, 740, "event", "an event"),
    (28, 764, "timed", "nothing came in time: what a tick does, and by which rules"),
    (560, 740, "box", "from the edge of a box: from every phase in it"),
    (560, 764, "", "stays: events that move nothing; remind, escalate: a tick tells somebody"),
)


# What the table says


@define
class Arrow:
    """From a card or box to another: by which events, or by which rules when their time has come; and why."""

    source: str
    target: str
    timed: bool
    words: list[str] = field(factory=list)
    why: list[str] = field(factory=list)

    def add(self, words: Iterable[str], why: str) -> None:
        """Let it stand for one thing more."""
        self.words += [word for word in words if word not in self.words]
        self.why.append(why)


def arrows() -> list[Arrow]:
    """Every arrow there is: events first, then what time does."""
    found: dict[tuple[str, str, bool], Arrow] = {}
    for phases, to, timed, words, why in (*_by_events(), *_by_time()):
        for source in places(phases):
            for target in places(to):
                found.setdefault((source, target, timed), Arrow(source, target, timed)).add(words, why)
    return list(found.values())


Moved: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], bool, tuple[str, ...], str]


def _by_events() -> Iterator[Moved]:
    for row in table.TABLE:
        yield row.phases, row.to, False, (row.event,), f"{row.event}: {row.why}"


def _by_time() -> Iterator[Moved]:
    """Deadlines that do the same make one arrow, so that it can begin at a box."""
    for does, to in dict.fromkeys((one.does, one.to) for one in table.DEADLINES if one.to):
        alike = [one for one in table.DEADLINES if (one.does, one.to) == (does, to)]
        phases = tuple(phase for one in alike for phase in one.phases)
        why = ". ".join(f"{does} {one.rule} ({', '.join(one.phases)}): {one.why}" for one in alike)
        yield phases, to, True, (does, *(one.rule for one in alike)), why


def _unmoved(place: str) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """What happens here and moves nothing: its kind, what heads it, its words, and why."""
    timed = [one for one in table.DEADLINES if not one.to and place in places(one.phases)]
    for does in dict.fromkeys(one.does for one in timed):
        alike = [one for one in timed if one.does == does]
        yield "timed", does, [one.rule for one in alike], [f"{does} {one.rule}: {one.why}" for one in alike]
    rows = [row for row in table.TABLE if not row.to and place in places(row.phases)]
    if rows:
        yield "event", "stays", [row.event for row in rows], [f"{row.event}: {row.why}" for row in rows]


# How it is drawn


def picture() -> str:
    """The whole picture as SVG."""
    boxes = (line for name, box in BOXES.items() for line in _card(name, box, box.words, 12))
    cards = (line for name, card in CARDS.items() for line in _card(name, card, _meaning(name), 8))
    lines = (line for arrow in arrows() for line in _arrow(arrow))
    return "\n".join([*_head(), *boxes, *cards, *lines, *_legend(), "</svg>", ""])


def _meaning(phase: str) -> str:
    return table.PHASES[phase].removeprefix("closed: ")


def _head() -> Iterator[str]:
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="name said">'
    yield f"<!-- {MADE} -->"
    yield f'<title id="name">{TITLE}</title>'
    yield f'<desc id="said">{escape(_said())}</desc>'
    yield STYLE
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
    lines = (f"{one.source} to {one.target} by {', '.join(one.words)}" for one in arrows())
    boxes = (f"{name} is {', '.join(inside)}" for name, inside in groups().items())
    phases = f"Phases: {', '.join(table.PHASES)}; {'; '.join(boxes)}."
    return f"{phases} Arrows: {'; '.join(lines)}. {' '.join(BESIDES)}".replace("`", "")


def _card(name: str, card: Card, meaning: str, radius: int) -> Iterator[str]:
    """A name and a meaning at the top, and at the foot what happens here and moves nothing."""
    size = f'x="{card.x}" y="{card.y}" width="{card.width}" height="{card.height}" rx="{radius}"'
    yield f'<rect {size} fill="{card.fill}" stroke="{EDGE}"/>'
    yield _text(card.x + 12, card.y + 21, name, "name")
    for number, line in enumerate(wrap(meaning, card.letters)):
        yield _text(card.x + 12, card.y + 37 + 14 * number, line, "soft")
    lines = list(_foot(name, card))
    for number, (kind, line, why) in enumerate(lines):
        y = card.y + card.height - 12 - STEP * (len(lines) - 1 - number)
        yield _text(card.x + card.inset, y, line, f"mono {kind}", title=why)


def _foot(place: str, card: Card) -> Iterator[tuple[str, str, str]]:
    """Lines with their kind and reason: one for all words where there is room, else one for each."""
    for kind, head, words, whys in _unmoved(place):
        if card.wide:
            yield kind, f"{head}: {', '.join(words)}", ". ".join(whys)
            continue
        yield kind, f"{head}:", ""
        for word, why in zip(words, whys, strict=True):
            yield kind, f"  {word}", why


def _arrow(arrow: Arrow) -> Iterator[str]:
    key = (arrow.source, arrow.target, arrow.timed)
    if key not in ROUTES:
        raise LookupError(f"the table leads from {key[0]} to {key[1]}: add {key} to ROUTES in tools/sla_picture.py")
    route, kind = ROUTES[key], "timed" if arrow.timed else "event"
    said = f"{arrow.source} to {arrow.target}. {'. '.join(arrow.why)}"
    yield f"<g><title>{escape(said)}</title>"
    yield _line(route.corners, timed=arrow.timed, dotted=arrow.source in BOXES)
    lines, (x, y) = _label(arrow, route), route.at
    y -= STEP * (len(lines) - 1) if route.up else 0
    for number, line in enumerate(lines):
        verb = " verb" if arrow.timed and not number else ""
        yield _text(x, y + STEP * number, line, f"mono {kind}{verb}", route.anchor)
    yield "</g>"


def _label(arrow: Arrow, route: Route) -> list[str]:
    """The words, each on a line; beside an arrow that turns there is room for one line only."""
    if arrow.timed and len(route.corners) > 2:
        return [f"{arrow.words[0]}: {', '.join(arrow.words[1:])}"]
    return arrow.words


def _line(corners: Corners, *, timed: bool, dotted: bool) -> str:
    """An arrow along the corners; one that begins at the edge of a box has a dot there."""
    kind, dashes = ("timed", ' stroke-dasharray="6 4"') if timed else ("event", "")
    (x, y), *_ = corners
    dot = f'<circle cx="{x}" cy="{y}" r="3.4" fill="{COLOURS[kind]}"/>' if dotted else ""
    drawn = f'fill="none" stroke="{COLOURS[kind]}" stroke-width="1.7"{dashes} marker-end="url(#{kind})"'
    return f'<path d="{_path(corners)}" {drawn}/>{dot}'


def _path(corners: Corners, radius: int = 10) -> str:
    """A line along the corners, the inner ones rounded."""
    first, *inner, last = corners
    steps = [f"M{first[0]} {first[1]}"]
    for before, here, after in zip(corners, inner, corners[2:], strict=False):
        (ax, ay), (bx, by) = _towards(here, before, radius), _towards(here, after, radius)
        steps.append(f"L{ax} {ay} Q{here[0]} {here[1]} {bx} {by}")
    return " ".join([*steps, f"L{last[0]} {last[1]}"])


def _towards(here: Point, there: Point, far: int) -> Point:
    """The point so far from here on the way there; ways are level or upright."""
    step = [(b > a) - (b < a) for a, b in zip(here, there, strict=True)]
    return here[0] + far * step[0], here[1] + far * step[1]


def _legend() -> Iterator[str]:
    """What the lines mean, and what no arrow shows."""
    for x, y, kind, words in LEGEND:
        if kind:
            yield _line(((x, y - 4), (x + 36, y - 4)), timed=kind == "timed", dotted=kind == "box")
        yield _text(x + 48 if kind else x, y, words, "note")
    for number, line in enumerate(BESIDES):
        yield _text(28, 793 + 18 * number, line.replace("`", ""), "soft")


def _text(x: int, y: int, words: str, kind: str, anchor: str = "start", *, title: str = "") -> str:
    said = f"<title>{escape(title)}</title>" if title else ""
    anchored = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x}" y="{y}" class="{kind}"{anchored} xml:space="preserve">{said}{escape(words)}</text>'
