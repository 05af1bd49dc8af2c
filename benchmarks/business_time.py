"""`add` and `between` beside three other packages, a day, a month and a year away, in one run.

    python benchmarks/business_time.py [--questions 24]

Three kinds of opening in Brussels: an office with public holidays, the same with a lunch break, and a
night service without holidays, which is open while clocks change. Every package gets what it asks for:
pytz zones and seconds (businesstimedelta), aware local timestamps and whole hours (pandas'
CustomBusinessHour), naive local times (business_duration). A dash is a question that a package has no
answer to: CustomBusinessHour has no `between`, business_duration has no `add`, no break, and no zone.

An answer is wrong if it is more than a second away from the truth: opening hours, day by day, made
into instants by the package `whenever` and added up. Where a length is used up exactly at closing, the next
opening is as right. Holidays cancel whole days and never touch a night, so that nobody is wrong for a
choice of ours. Our tables are warm; what making them costs is said at the end.

Figures are medians of three rounds; trust the ratios of one run more than the microseconds.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import businesstimedelta as btd
import pandas as pd
import pytz
import whenever
from business_duration import businessDuration

from dealerrouting.calendar import Business, Calendar, national_holidays

ZONE = "Europe/Brussels"
BRUSSELS = ZoneInfo(ZONE)
HOLIDAYS = national_holidays("BE", years=range(2025, 2031))
SECOND = timedelta(seconds=1)
DISTANCES = {"a day": timedelta(days=1), "a month": timedelta(days=30), "a year": timedelta(days=365)}
Ask = Callable[[datetime, Any], Any]


class Opening:
    """One kind of opening hours, as each package wants it."""

    def __init__(
        self, name: str, hours: list[tuple[time, time]], weekdays: list[int], holidays: tuple[date, ...]
    ) -> None:
        self.name, self.hours, self.weekdays, self.holidays = name, hours, weekdays, holidays
        self.spans = self._spans()

    def _spans(self) -> list[tuple[datetime, datetime]]:
        """The truth: every opening of five years, as instants."""
        found = []
        for number in range(5 * 365):
            day = date(2025, 12, 1) + timedelta(days=number)
            if day.weekday() in self.weekdays and day not in self.holidays:
                for start, end in self.hours:
                    found.append((instant(day, start), instant(day + timedelta(days=end < start), end)))
        return found

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The truth about `between`."""
        return sum((max(min(b, end) - max(a, start), timedelta(0)) for a, b in self.spans), timedelta(0))

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The truth about `add`."""
        for opens, closes in self.spans:
            room = max(closes - max(opens, start), timedelta(0))
            if length <= room:
                return max(opens, start) + length
            length -= room
        raise AssertionError("the truth ends too soon")

    def reopens(self, right: Any) -> Any:
        """What is as right as an answer: the next opening, if the answer is a closing."""
        number = next((n for n, (_, closes) in enumerate(self.spans) if closes == right), None)
        return right if number is None else self.spans[number + 1][0]

    def ours(self) -> tuple[Ask, Ask]:
        """This package."""
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        texts = [f"{start:%H:%M}-{end:%H:%M}" for start, end in self.hours]
        calendar = Calendar(ZONE, {names[day]: texts for day in self.weekdays}, holidays=self.holidays)
        return (lambda at, hours: calendar.add(at, Business(hours=hours))), calendar.between

    def businesstimedelta(self) -> tuple[Ask, Ask]:
        """businesstimedelta: rules that are asked for the next stretch, one after the other."""
        zone = pytz.timezone(ZONE)
        opens, closes = self.hours[0][0], self.hours[-1][1]
        rules: list[Any] = [btd.WorkDayRule(opens, closes, self.weekdays, tz=zone)]
        if len(self.hours) > 1:
            rules.append(btd.LunchTimeRule(self.hours[0][1], self.hours[1][0], self.weekdays, tz=zone))
        if self.holidays:
            rules.append(btd.HolidayRule(frozenset(self.holidays), tz=zone))
        rule = btd.Rules(rules, tz=zone)
        return (
            lambda at, hours: at + btd.BusinessTimeDelta(rule, hours=hours),
            lambda start, end: rule.difference(start, end).timedelta,
        )

    def pandas(self) -> tuple[Ask, None]:
        """pandas: an offset of whole hours."""
        mask = " ".join(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day] for day in self.weekdays)
        starts, ends = ([f"{pair[side]:%H:%M}" for pair in self.hours] for side in (0, 1))

        holidays = [pd.Timestamp(day) for day in self.holidays]
        hour = pd.offsets.CustomBusinessHour(1, weekmask=mask, holidays=holidays, start=starts, end=ends)

        def add(at: datetime, hours: int) -> datetime:
            return (pd.Timestamp(at).tz_convert(ZONE) + hour * hours).to_pydatetime()

        return add, None

    def business_duration(self) -> tuple[None, Ask | None]:
        """business_duration: one stretch a day, on naive times."""
        if len(self.hours) > 1:
            return None, None
        ((opens, closes),) = self.hours
        weekend = [day for day in range(7) if day not in self.weekdays]
        days_off = dict.fromkeys(self.holidays)

        def between(start: datetime, end: datetime) -> timedelta:
            first, last = (at.astimezone(BRUSSELS).replace(tzinfo=None) for at in (start, end))
            return timedelta(seconds=float(businessDuration(first, last, opens, closes, weekend, days_off, "sec")))

        return None, between


def instant(day: date, clock: time) -> datetime:
    """A wall time in Brussels."""
    plain = whenever.PlainDateTime(day.year, day.month, day.day, clock.hour, clock.minute)
    found = plain.assume_tz(ZONE, disambiguation="compatible").to_instant()
    return datetime.fromtimestamp(found.timestamp(), UTC)


def starts(count: int) -> list[datetime]:
    """Instants all over 2026 to 2028, one in four in the week before clocks change."""
    random = Random(11)
    changes = [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)]
    found = []
    for number in range(count):
        base = random.choice(changes) if number % 4 == 0 else datetime(2028, 1, 1, tzinfo=UTC)
        back = random.randrange(7 * 86_400) if number % 4 == 0 else random.randrange(2 * 365 * 86_400)
        found.append(base - timedelta(seconds=back - back % 60 + 7))
    return found


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """The median time of one round."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def answers(ask: Ask, asked: list[datetime], given: list[Any]) -> list[Any]:
    """Every question, answered."""
    return [ask(at, one) for at, one in zip(asked, given, strict=True)]


def wrong(opening: Opening, given: list[Any], truth: list[Any]) -> int:
    """How many answers are more than a second off."""
    return sum(
        abs(answer - right) > SECOND and abs(answer - opening.reopens(right)) > SECOND
        for answer, right in zip(given, truth, strict=True)
    )


def rows(opening: Opening, asked: list[datetime]) -> None:
    """A line for each question and distance: microseconds, ratio to ours, wrong answers."""
    packages = [opening.ours(), opening.businesstimedelta(), opening.pandas(), opening.business_duration()]
    for distance, length in DISTANCES.items():
        hours = [max(1, opening.between(at, at + length) // timedelta(hours=1)) for at in asked]
        for which, question, given, truth in (
            (0, "add", hours, [opening.add(at, n * timedelta(hours=1)) for at, n in zip(asked, hours, strict=True)]),
            (1, "between", [at + length for at in asked], [opening.between(at, at + length) for at in asked]),
        ):
            print(f"{opening.name:<16} {question:<8} {distance:<8}", end="")
            ours = 0.0
            for ask in (package[which] for package in packages):
                if ask is None:
                    print(f"{'-':>26}", end="")
                    continue
                bad = wrong(opening, answers(ask, asked, given), truth)
                cost = seconds(partial(answers, ask, asked, given))
                ours = ours or cost
                print(f"{cost / len(asked) * 1e6:>11,.1f} {cost / ours:>7,.0f}x {bad:>4}  ", end="")
            print()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=24)
    asked = starts(parser.parse_args().questions)
    day, night, lunch = (time(9), time(17)), (time(22), time(6)), [(time(9), time(12, 30)), (time(13), time(17, 30))]
    openings = [
        Opening("office", [day], [0, 1, 2, 3, 4], HOLIDAYS),
        Opening("office, lunch", lunch, [0, 1, 2, 3, 4], HOLIDAYS),
        Opening("every night", [night], [0, 1, 2, 3, 4, 5, 6], ()),
    ]
    names = ("dealerrouting", "businesstimedelta", "CustomBusinessHour", "business_duration")
    print(f"{len(asked)} questions a line; for each package: us a question, ratio, wrong answers")
    print(f"{'':34}" + "".join(f"{name:>24}  " for name in names))
    for opening in openings:
        rows(opening, asked)
    texts = {"mon-fri": ["09:00-12:30", "13:00-17:30"]}
    cold = seconds(lambda: Calendar(ZONE, texts, holidays=HOLIDAYS).is_open(asked[0]))
    made = seconds(lambda: Calendar(ZONE, texts, holidays=HOLIDAYS))
    print(f"a calendar is made in {made * 1e3:.1f} ms, the table of one year in {(cold - made) * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
