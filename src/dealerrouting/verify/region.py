"""A region of lead space that people can read: some places, and some values of each attribute that is limited.

May know: postcodes, words. May not know: cells, masks, plans' rungs, how a region was found.

    NL 4382..4389, sector F41, from 1 March 2027
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from importlib import import_module

from attrs import field as given
from attrs import frozen

from dealerrouting import postcode
from dealerrouting.telling import moment

__all__ = ["NONE", "Band", "Region", "Side"]

_SHOWN = 6
NONE = "none of these"
"""The item that stands for all that no condition names."""


@frozen
class Side:
    """What a region says of one attribute: its field's name, and the values in it, as texts.

    `absent`: leads that leave the field out are in it too. `but`: the values are those outside, all others are in.
    For `when` the values are stretches `2027-03-01..2027-06-30` or open ones, `2027-03-01..`; both ends are held, but
    for one written `<2027-06-01T01:00+0200`; the clock is the plan's. Before a `~` stands which days of the stretch are
    meant: `mon-fri~2027-07-01..`, `month 7, 8~..`, `sat, sun in month 6-8~..`; where weekdays and months do not tell
    them, some of them: `2027-08-02, 2027-08-03~2027-07-01..` are days like these; where only a part of such a day is
    meant, on another clock a day of its own, it is that part: `2027-01-03T23:00+0000..<2027-01-04T00:00+0000~..`.
    `zone` is the clock that instants are told on.

    Of lists the values are what they have of the plan's `items`, `red+blue`, or `none of these`. A word with `*` behind
    it stands for all that begin so and that the plan does not name.
    """

    field: str
    values: tuple[str, ...]
    absent: bool = False
    but: bool = False
    zone: tzinfo = given(default=UTC, eq=False, repr=False)
    items: tuple[str, ...] = given(default=(), eq=False, repr=False)


@frozen
class Band:
    """Places of one country: `kind` says which.

    `codes`: the run of finest codes from number `lo` to `hi` of the country's order. `coarse`: leads that say this
    one coarse code and no more. `country`: all of it. `no_code`: its leads without a postcode. And, with no country,
    `elsewhere`: countries that the plan does not name (`elsewhere_code`, `elsewhere_no_code`: with and without a
    postcode); `nowhere`: no country is said.
    """

    country: str
    kind: str
    lo: int = 0
    hi: int = 0
    code: str = ""

    def text(self, words: Mapping[str, str]) -> str:
        """The place without its country, as people write it."""
        if self.kind == "codes":
            return postcode.told(self.country, self.lo, self.hi)
        return {"coarse": f"={self.code}", "country": ""}.get(self.kind, words.get(f"region.{self.kind}", ""))


@frozen
class Region:
    """Some places, and sides for every attribute that is limited. Nothing limited: every lead.

    `bands` are in order and never touch; none means anywhere. `but_for` are sources whose own regions are not part of
    it: it is what they leave. `region.text(lang="nl")` tells it.
    """

    bands: tuple[Band, ...]
    sides: tuple[Side, ...]
    but_for: tuple[str, ...] = ()

    def text(self, lang: str = "en") -> str:
        """The region on one line; long lists are cut, and say how much they leave out."""
        words: Mapping[str, str] = import_module(f"dealerrouting.catalogues.{lang}").MESSAGES
        parts = [*self._places(words), *(_told(side, words) for side in self.sides)]
        text = ", ".join(part for part in parts if part) or words["region.all"]
        return text + (words["region.but_for"].format(ids=_few(list(self.but_for), words)) if self.but_for else "")

    def _places(self, words: Mapping[str, str]) -> Iterator[str]:
        countries: dict[str, list[str]] = {}
        for band in self.bands:
            countries.setdefault(band.country, []).append(band.text(words))
        for country, texts in countries.items():
            yield " ".join(part for part in (country, _few([t for t in texts if t], words)) if part)


def _few(texts: list[str], words: Mapping[str, str]) -> str:
    left = len(texts) - _SHOWN
    shown = "; ".join(texts[:_SHOWN])
    return f"{shown}; {words['region.more'].format(count=left)}" if left > 0 else shown


def _told(side: Side, words: Mapping[str, str]) -> str:
    name = words.get(f"word.field_{side.field}", side.field)
    if side.field == "when":
        return _time(side, words)
    if not side.values:
        return words["region.absent" if side.absent else "region.present"].format(field=name)
    form = {(False, False): "is", (True, False): "is_or_absent", (False, True): "but", (True, True): "but_or_absent"}
    listed, but = _values(side, words)
    key = form[side.absent, but]
    return words["word.region_is" if key == "is" else f"region.{key}"].format(field=name, values=listed)


def _values(side: Side, words: Mapping[str, str]) -> tuple[str, bool]:
    """The values on one line, and whether they are those outside."""
    items = _few(list(side.items), words)
    if side.items and side.but and side.values == (NONE,):
        return words["region.any_of"].format(items=items), False
    none = words["region.none_of"].format(items=items)
    return _few([none if side.items and value == NONE else value for value in side.values], words), side.but


def _time(side: Side, words: Mapping[str, str]) -> str:
    return _few([_stretch(value, words, side.zone) for value in side.values], words)


def _stretch(value: str, words: Mapping[str, str], zone: tzinfo) -> str:
    days, marked, within = value.rpartition("~")
    if marked:
        return f"{_days(days, words, zone)} {_stretch(within, words, zone)}".strip()
    start, _, end = value.partition("..")
    if start and start == end:
        return words["region.on"].format(days=start)
    told = [words["region.from"].format(start=_instant(start, zone))] if start else []
    if end:
        held = words["region.before" if end[0] == "<" else "region.until"]
        told.append(held.format(end=_instant(end.lstrip("<"), zone)))
    return " ".join(told)


def _instant(text: str, zone: tzinfo) -> str:
    """A day as it is; an instant as sentences tell it."""
    return moment(datetime.fromisoformat(text), zone) if "T" in text else text


def _days(days: str, words: Mapping[str, str], zone: tzinfo) -> str:
    """`on Monday to Friday in July`; or `on days like` some of them, `at times like` some of their parts."""
    if "T" in days:
        parts = (part.split("..<") for part in days.split(", "))
        told = [
            words["region.span"].format(first=_instant(part[0], zone), last=_instant(part[-1], zone))
            if part[1:]
            else part[0]
            for part in parts
        ]
        return words["region.times"].format(times=", ".join(told))
    if days[0].isdigit():
        return words["region.like"].format(days=days)
    week, marked, months = days.partition("month ")
    week = week.removesuffix(" in ")
    told = [words["region.on"].format(days=_named(week, words))] if week else []
    return " ".join([*told, *([words["region.in"].format(months=_named(months, words))] if marked else [])])


def _named(listed: str, words: Mapping[str, str]) -> str:
    """`mon, wed-fri` and `1, 6-8` by their names."""
    runs = ([words[f"name.{end}"] for end in run.split("-")] for run in listed.split(", "))
    return ", ".join(run[0] if len(run) == 1 else words["region.to"].format(first=run[0], last=run[1]) for run in runs)
