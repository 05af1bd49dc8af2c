"""Two slow and plain readings of a calendar, to hold `dealerrouting.calendar` against, and its laws.

A calendar is given as it is written: the arguments of `Calendar`, with one weekday a key. Both readings
share one idea of the clock on the wall: the set of its minutes that are open, found by asking of every
minute which shifts it lies in. They differ in how an end of opening hours becomes an instant:

- `by_whenever` asks the package `whenever`, with its `compatible` way with times that are skipped or doubled;
- `by_stepping` walks through all minutes of UTC, notes when the clock first shows each minute, and counts
  on from the last one shown where the clock skips some. It knows nothing of offsets, gaps or folds.

`naive` does not look at ends at all: a minute is open if the clock then shows an open minute. It is right
wherever no opening or closing lies strictly inside a gap or a fold (`is_plain` says so).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import whenever

from dealerrouting.calendar import Business, BusinessDays, Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
MINUTE, MICRO = timedelta(minutes=1), timedelta(microseconds=1)
NOTHING = timedelta(0)


# The clock on the wall: minutes since the midnight of day 0, which no calendar has


def clock(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def minutes(texts):
    """The minutes that these intervals open, from the midnight of the day on which they do."""
    return _minutes(tuple(texts))


@lru_cache(maxsize=4096)
def _minutes(texts):
    found = set()
    for text in texts:
        start, end = map(clock, text.split("-"))
        found |= set(range(start, end if end > start else end + DAY))
    return frozenset(found)


def own_minutes(spec, day):
    """The minutes of the wall that shifts of this date open."""
    special = {str(key): texts for key, texts in (spec.get("dates") or {}).items()}
    since = day.toordinal() * DAY
    if str(day) in special:
        return {since + minute for minute in minutes(special[str(day)])}
    if str(day) in map(str, spec.get("holidays") or ()):
        return set()
    weekly = minutes(spec["hours"].get(WEEKDAYS[day.weekday()], ()))
    return {since + minute for minute in weekly if not on_break(spec, day, minute)}


def on_break(spec, day, minute):
    """Whether a break covers the minute, given from the midnight of `day`; one of the day before may."""
    breaks = spec.get("breaks") or {}
    if not breaks:
        return False
    for back in (0, 1):
        weekday = WEEKDAYS[(day.weekday() + minute // DAY - back) % 7]
        if minute % DAY + back * DAY in minutes(breaks.get(weekday, ())):
            return True
    return False


def runs(found):
    """Sets of minutes as half-open stretches."""
    found = sorted(found)
    if not found:
        return []
    cuts = [here for before, here in pairwise(found) if here != before + 1]
    ends = [before + 1 for before, here in pairwise(found) if here != before + 1]
    return list(zip([found[0], *cuts], [*ends, found[-1] + 1], strict=True))


def dates_around(start, end):
    first = start.date() - timedelta(days=3)
    return [first + timedelta(days=number) for number in range((end.date() - first).days + 4)]


# From the wall to instants


def by_whenever(zone):
    def when(wall):
        day = date.fromordinal(wall // DAY)
        plain = whenever.PlainDateTime(day.year, day.month, day.day, wall % DAY // 60, wall % 60)
        instant = plain.assume_tz(zone, disambiguation="compatible").to_instant()
        return datetime.fromtimestamp(instant.timestamp(), UTC)

    return when


@lru_cache(maxsize=64)
def by_stepping(zone, first, last):
    first_shown = {}
    for at in steps(midnight(first) - timedelta(days=5), midnight(last) + timedelta(days=6)):
        first_shown.setdefault(shown(at, zone), at)

    def when(wall):
        skipped = 0
        while wall - skipped not in first_shown:
            skipped += 1
        return first_shown[wall - skipped] + skipped * MINUTE

    return when


def midnight(day):
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def steps(start, end):
    while start < end:
        yield start
        start += MINUTE


def shown(at, zone):
    """The minute that the clocks of a zone show."""
    local = at.astimezone(ZoneInfo(zone))
    return local.toordinal() * DAY + local.hour * 60 + local.minute


# What is open: instants


def united(pairs):
    """The union of stretches of instants."""
    found = []
    for start, end in sorted(pair for pair in pairs if pair[0] < pair[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def cut(pairs, start, end):
    return [(max(first, start), min(last, end)) for first, last in pairs if max(first, start) < min(last, end)]


def open_wall(spec, start, end):
    return set().union(*(own_minutes(spec, day) for day in dates_around(start, end)))


def all_spans(spec, start, end, when):
    return united((when(first), when(last)) for first, last in runs(open_wall(spec, start, end)))


def open_spans(spec, start, end, when):
    return cut(all_spans(spec, start, end, when), start, end)


def business_days(spec, start, end, when, also=None):
    """Each date that has open time of its own, from its first open instant to its last.

    `also` is the spec of a second calendar that must be open too.
    """
    spans = all_spans(spec, start, end, when)
    if also:
        more = all_spans(also, start, end, by_whenever(also["timezone"]))
        spans = [piece for span in more for piece in cut(spans, *span)]
    found, done = [], datetime(1, 1, 1, tzinfo=UTC)
    for day in dates_around(start, end):
        own = united((max(when(first), done), when(last)) for first, last in runs(own_minutes(spec, day)))
        if own:
            done = own[-1][1]
            inside = cut(spans, own[0][0], done)
            found += [(inside[0][0], inside[-1][1])] if inside else []
    return found


def naive_minutes(spec, start, end):
    """The minutes of UTC at which the clock shows an open minute."""
    wall = open_wall(spec, start, end)
    return {at for at in steps(start, end) if shown(at, spec["timezone"]) in wall}


def is_plain(spec, start, end):
    """Whether no opening or closing lies strictly inside a time that clocks skip or show twice."""
    wall = open_wall(spec, start, end)
    ends = {at for run in runs(wall) for at in run}
    for at, before, after in changes(spec["timezone"]):
        if start - timedelta(days=3) < at < end + timedelta(days=3):
            old, new = (at - MINUTE, before), (at, after)
            walls = [(moment + offset).replace(tzinfo=None) for moment, offset in (old, new)]
            last, first = (wall_of(moment) for moment in walls)
            low, high = min(last + 1, first), max(last + 1, first)
            if any(low < end < high for end in ends):
                return False
    return True


def wall_of(naive):
    return naive.toordinal() * DAY + naive.hour * 60 + naive.minute


# Every change of clocks

FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)


@cache
def changes(zone):
    """Each change of offset from 2020 to 2037: its instant, the offset before, the offset after."""
    clocks = ZoneInfo(zone)

    def offset(at):
        return at.astimezone(clocks).utcoffset()

    found, here, known = [], FROM, offset(FROM)
    while here < UNTIL:
        there = here + timedelta(days=7)
        if offset(there) != known:
            low, high = here, there
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if offset(middle) == known else (low, middle)
            found.append((high, known, offset(high)))
            there, known = high, offset(high)
        here = there
    return tuple(found)


@cache
def kinds_of_clocks():
    """One zone for each way that clocks go from 2020 to 2037, with all the zones that go so."""
    found = {}
    for zone in sorted(available_timezones()):
        first = FROM.astimezone(ZoneInfo(zone)).utcoffset()
        found.setdefault((first, changes(zone)), []).append(zone)
    return {zones[0]: tuple(zones) for zones in found.values()}


# The checks


def check_spans(calendar, spec, start, end, when):
    """Open at the same times as a reference says, to the microsecond."""
    expected = open_spans(spec, start, end, when)
    assert list(calendar.spans(start, end)) == expected
    assert calendar.between(start, end) == sum((last - first for first, last in expected), NOTHING)
    for first, last in expected:
        assert calendar.is_open(first)
        assert not calendar.is_open(last) or last == end
        assert calendar.is_open(last - MICRO)
        assert calendar.next_open(first) == first
        assert calendar.next_open(last - MICRO) == last - MICRO
        assert calendar.is_open(first - MICRO) == any(low <= first - MICRO < high for low, high in expected) or (
            first == start
        )


def check_counting(calendar, spec, start, end, when):
    """`between`, `add_open` and `next_open` by walking along the stretches of a reference."""
    expected = open_spans(spec, start, end, when)
    points = sorted({start, end, *(at for span in expected for at in span)})
    points = [at for point in points for at in (point - MICRO, point, point + MICRO) if start <= at <= end]
    for at in points[:: max(1, len(points) // 40)]:
        used = sum((min(last, at) - first for first, last in expected if first < at), NOTHING)
        assert calendar.between(start, at) == used
        assert calendar.between(at, start) == -used
        if used:
            assert calendar.add_open(start, used) == next(
                min(last, at) for first, last in reversed(expected) if first < at
            )
        later = [max(first, at) for first, last in expected if last > at]
        if later:
            assert calendar.next_open(at) == later[0]


def check_days(calendar, spec, start, end, when, also=None):
    """Business days as a reference counts them."""
    expected = business_days(spec, start, end, when, also)
    points = sorted({start, end, *(at for day in expected for at in day)})
    points = [at for point in points for at in (point - MICRO, point, point + MICRO) if start <= at <= end]
    for at in points[:: max(1, len(points) // 40)]:
        coming = [closes for opens, closes in expected if opens >= at and closes <= end]
        assert calendar.days(at, end) == len(coming)
        assert calendar.days(end, at) == -len(coming)
        for number, closes in list(enumerate(coming, 1))[:3]:
            assert calendar.add(at, BusinessDays(number)) == closes


def check_naive(calendar, spec, start, end):
    """Minute by minute the same as looking at the clock, where that is right."""
    stepped = naive_minutes(spec, start, end)
    assert {at for at in steps(start, end) if calendar.is_open(at)} == stepped
    assert calendar.between(start, end) == len(stepped) * MINUTE


# The laws


def law_add_is_undone(calendar, start, length):
    """`between(s, add(s, d)) == d`, and `add` gives the first such instant."""
    end = calendar.add_open(start, length)
    assert calendar.between(start, end) == length
    assert calendar.is_open(end - MICRO)
    assert calendar.between(start, end - MICRO) == length - MICRO
    if not length % timedelta(seconds=1):
        assert calendar.add(start, Business(seconds=length // timedelta(seconds=1))) == end


def law_monotone(calendar, instants):
    """More time holds at least as much open time, and no more than it is itself."""
    origin = instants[0]
    for one, other in pairwise(sorted(instants)):
        assert NOTHING <= calendar.between(one, other) <= other - one
        assert calendar.between(origin, one) <= calendar.between(origin, other)
        assert calendar.add(one, Business(hours=3)) <= calendar.add(other, Business(hours=3))
        assert calendar.add(one, Business(hours=3)) < calendar.add(one, Business(hours=3, seconds=1))
        assert calendar.add(one, BusinessDays(2)) <= calendar.add(other, BusinessDays(2))


def law_additive(calendar, instants, lengths):
    """What is open from a to b and from b to c is open from a to c, in whatever order these come."""
    a, b, c = instants
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(a, b) == -calendar.between(b, a)
    one, other = lengths
    assert calendar.add_open(calendar.add_open(a, one), other) == calendar.add_open(a, one + other)


def law_days(calendar, start, one, other):
    """So many days are so many days, and follow each other."""
    end = calendar.add(start, BusinessDays(one))
    assert calendar.days(start, end) == one
    assert calendar.days(end, start) == -one
    assert calendar.days(start, end - MICRO) == one - 1
    assert calendar.add(end, BusinessDays(other)) == calendar.add(start, BusinessDays(one + other))
    assert calendar.is_open(end - MICRO)


def law_spans(calendar, start, end):
    """Spans are apart, and what is said of instants is said of them."""
    start, end = sorted((start, end))
    spans = list(calendar.spans(start, end))
    assert sum((last - first for first, last in spans), NOTHING) == calendar.between(start, end)
    assert all(first < last for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    for first, last in spans:
        assert calendar.is_open(first)
        assert calendar.next_open(first) == first
        assert last == end or not calendar.is_open(last)
        assert first == start or not calendar.is_open(first - MICRO)


def law_both(one, other, start, end):
    """Together they are open where each is, in whatever order; a day of the first counts if they share some of it."""
    start, end = sorted((start, end))
    both = one & other
    expected = [
        (max(a, c), min(b, d))
        for a, b in one.spans(start, end)
        for c, d in other.spans(start, end)
        if max(a, c) < min(b, d)
    ]
    assert list(both.spans(start, end)) == expected
    assert list((other & one).spans(start, end)) == expected
    assert both.between(start, end) <= min(one.between(start, end), other.between(start, end))
    for first, last in expected:
        assert both.is_open(first)
        assert both.next_open(first - MICRO) in (first, first - MICRO)
        assert last == end or not both.is_open(last)
    for number in range(1, both.days(start, end) + 1):
        assert both.is_open(both.add(start, BusinessDays(number)) - MICRO)


def pieces(texts, rest):
    """The same hours in more pieces: each cut where `rest` says, written backwards."""
    found = []
    for text in texts:
        start, end = map(clock, text.split("-"))
        end += DAY if end <= start else 0
        cuts = sorted({start, min(end, DAY), *(minute for minute in rest if start < minute < min(end, DAY))})
        parts = list(pairwise(cuts))
        parts[-1] = (parts[-1][0], end)
        found += [f"{low // 60:02}:{low % 60:02}-{hhmm(high)}" for low, high in parts]
    return found[::-1]


def hhmm(minute):
    minute = minute if minute <= DAY else minute - DAY
    return f"{minute // 60:02}:{minute % 60:02}"


def in_pieces(spec, rest):
    """The same calendar, with all its intervals split and everything in another order."""

    def turned(mapping):
        return {key: pieces(texts, rest) for key, texts in reversed((mapping or {}).items())}

    return {
        "timezone": spec["timezone"],
        "hours": turned(spec["hours"]),
        "breaks": turned(spec.get("breaks")),
        "dates": turned(spec.get("dates")),
        "holidays": [*reversed(spec.get("holidays") or ()), *(spec.get("holidays") or ())],
    }


def law_splitting(spec, rest):
    """A calendar in pieces is the same calendar."""
    whole, split = Calendar(**spec), Calendar(**in_pieces(spec, rest))
    assert split == whole
    assert split.version == whole.version
    assert hash(split) == hash(whole)
    assert split.data() == whole.data()
