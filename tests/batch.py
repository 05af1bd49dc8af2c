"""One fixed, mixed batch of plans, facts and leads, decided and told: the same bytes on every run.

Run as a script it prints them; `test_determinism` runs it under many hash seeds. No Hypothesis here.
"""

import json
import random
import sys
from collections.abc import Mapping
from datetime import datetime

import attrs

import alphabet as abc
from dealerrouting import explain, needs, route, route_all
from dealerrouting.rules.canonical import canonical_json, plan_data

PLANS, LEADS = 20, 4


def plain(value):
    """Any result as JSON's own types, in the order in which it stands."""
    if attrs.has(type(value)):
        return {one.name: plain(getattr(value, one.name)) for one in attrs.fields(type(value)) if one.eq is not False}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return (
        value.isoformat()
        if isinstance(value, datetime)
        else value
        if isinstance(value, int | str | None)
        else str(value)
    )


def told():
    """A line of JSON for each thing that could differ."""
    rng = random.Random(0)
    for _ in range(PLANS):
        plan = abc.a_plan(rng)
        yield [plan.digest, canonical_json(plan_data(plan))]
        for number in range(LEADS):
            lead, facts, at = abc.a_lead(rng), abc.some_facts(rng), rng.choice(abc.INSTANTS)
            decision = route(lead, plan, facts, at=at)
            yield plain([lead, needs(lead, plan), decision, facts.after(decision)])
            why = explain(lead, plan, facts, at=at)
            yield [why.text("en"), why.text("nl"), repr(plan.territories)]
            dealer = abc.HOLDERS[number]
            yield [plain(why.for_dealer(dealer)), why.why_not(dealer).text(), repr(facts)]
        stream = [abc.a_lead(rng, [f"S{number}"]) for number in range(6)]
        yield plain(list(route_all(stream, plan, at=abc.APRIL)))


def main():
    """Print the batch as lines of JSON."""
    for line in told():
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
