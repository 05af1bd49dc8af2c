"""A real log of tickets as a log of leads, and the same question asked of it in SQL.

The log is `sla_events` in ../shared/data (UCI repository no. 498, CC BY 4.0): 12,461 incidents, a row a
change. An incident stands for a lead and the group that has it for a dealer. What a row says:

- the first row, or another group while it is open: assigned, by hand, for no router of ours chose it;
- Resolved or Closed: won; and any other state after that: the lead is open again;
- any other state but New: a status, for somebody has worked on it;
- else nothing.

`counts_in_sql` asks the same of the rows and shares nothing with the machine: it knows only that a clock runs from
each assignment and each status to the next, how long it may, and that a dealer's story ends where the lead is
taken from it.
"""

from __future__ import annotations

import csv
import gzip
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dealerrouting import Elapsed, Terms
from dealerrouting.events import Assigned, Reopened, Updated
from dealerrouting.terms import Policy

LOG = Path(__file__).parents[2] / "shared" / "data" / "sla_events" / "incident_events.csv.gz"
END = datetime(2017, 3, 1, tzinfo=UTC)
"""Some weeks after the last change."""

TERMS = Terms(
    remind_after=Elapsed(hours=48), withdraw_after=Elapsed(days=5), stale_after=Elapsed(days=21),
    notice=Elapsed(hours=24), on_silence="return", max_resets=100, max_reopens=100,
)  # fmt: skip
POLICY = Policy(TERMS, "house")
CLOSED = ("Resolved", "Closed")
US = timedelta(microseconds=1)


def rows():
    """The rows in order; those of one minute a little after each other, so that no two are at one instant."""
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    found.sort(key=lambda row: (row["number"], row["sys_updated_at"], int(row["sys_mod_count"])))
    last, same = None, 0
    for row in found:
        minute = (row["number"], row["sys_updated_at"])
        same = same + 10 if minute == last else 0
        row["at"], last = datetime.fromisoformat(minute[1]).replace(tzinfo=UTC) + timedelta(microseconds=same), minute
    return found


def events(rows):
    """The log as events."""
    lead = None
    for index, row in enumerate(rows):
        first = row["number"] != lead
        if first:
            lead, group, number, was = row["number"], None, 0, False
        closed, name, at = row["incident_state"] in CLOSED, f"{row['number']}-{index}", row["at"]
        moved = first or bool(row["assignment_group"] and row["assignment_group"] != group)
        group = row["assignment_group"] or group
        if moved and not was:
            number += 1
            by = {"by_hand": True, "actor": "log", "reason": "log"}
            yield Assigned(f"{name}-a", lead, assignment=number, holder=group or "nobody", received_at=at, **by)
        elif was and not closed:
            yield Reopened(f"{name}-r", lead, assignment=number, reason="log", received_at=at)
            number += 1
        elif not was and not closed and row["incident_state"] != "New":
            yield Updated(f"{name}-u", lead, assignment=number, status="contacted", received_at=at)
        if closed and not was:
            later = at + timedelta(microseconds=1)
            yield Updated(f"{name}-w", lead, assignment=number, status="won", received_at=later)
        was = closed


QUERY = """
with grouped as (
  select *, incident_state in ('Resolved', 'Closed') as closed,
    sum(assignment_group <> '') over (partition by number order by us) as part from row),
named as (
  select *, max(assignment_group) over (partition by number, part) as holder from grouped),
before as (
  select *, lag(closed, 1, 0) over w as was, lag(holder) over w as previous,
    row_number() over w as place from named window w as (partition by number order by us)),
said as (
  select number, us, case
    when closed and not was then 'end'
    when place = 1 or (holder <> previous and not was) or (was and not closed) then 'first'
    when not was and not closed and incident_state <> 'New' then 'stale' end as clock
  from before),
ran as (
  select number, us, clock, coalesce(lead(us) over (partition by number order by us), :end) - us as gap
  from said where clock is not null),
judged as (
  select *, gap > case clock when 'first' then 48 when 'stale' then 21 * 24 end * :hour as reminded,
    gap > case clock when 'first' then 5 * 24 when 'stale' then 22 * 24 end * :hour as withdrawn from ran),
until as (
  select *, coalesce(sum(withdrawn) over (partition by number order by us
    rows between unbounded preceding and 1 preceding), 0) as over from judged)
select coalesce(sum(reminded and clock = 'first'), 0), coalesce(sum(reminded and clock = 'stale'), 0),
  coalesce(sum(withdrawn and clock = 'first'), 0), coalesce(sum(withdrawn and clock = 'stale'), 0)
from until where over = 0
"""


def counts_in_sql(rows):
    """First reminders, reminders of stale leads, withdrawals for want of a first status, and of stale leads."""
    with sqlite3.connect(":memory:") as base:
        base.execute("create table row (number, us integer, incident_state, assignment_group)")
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        told = ((r["number"], (r["at"] - epoch) // US, r["incident_state"], r["assignment_group"]) for r in rows)
        base.executemany("insert into row values (?, ?, ?, ?)", told)
        values = {"end": (END - epoch) // US, "hour": 3_600_000_000}
        return base.execute(QUERY, values).fetchone()


def counts_of(stories):
    """The same four counts of what the machine did, each story until a lead is first taken for silence."""
    found = {("remind", "first"): 0, ("remind", "stale"): 0, ("withdraw", "first"): 0, ("withdraw", "stale"): 0}
    for story in stories:
        rule = None
        for effect in story.effects:
            if effect.does == "remind" and not effect.rule.startswith("house"):
                rule = effect.rule[:5]
                found["remind", rule] += 1
            elif effect.does == "withdraw" and effect.detail["why"] == "silence":
                found["withdraw", rule] += 1
                break
    return tuple(found.values())
