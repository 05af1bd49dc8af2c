"""The laws that take more than one move to see, each tried from one node of the search.

Order of arrival (17), silence to its end (19), replay (20), and another policy (21).
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations, permutations

from attrs import evolve

from dealerrouting import sla
from dealerrouting.errors import PolicyMismatch, TransitionNotAllowed
from dealerrouting.events import Accepted, Assigned, Migrate, ReminderSent, Tick
from sla_laws import law
from sla_notes import CLOSED, HOUSE
from sla_world import HOUR, LEAD, agreed, arrivals, mistakes, same

STRANGE = agreed(max_reopens=7)
"""Terms that no lead of any world is under."""
MANY = 50
"""More ticks than silence can take: some four for each dealer, and four for the house."""


# 17. The order of events that arrive between two ticks does not matter.


def law_17(world, node, policy, together=2):
    """Some events of one hour in every order of arrival: one state and the same keys after the tick that settles them.

    Orders in which one of them is not allowed at its turn are left out: it was refused, and nothing was changed.
    """
    later = node.now + HOUR
    events = [
        evolve(event, id=f"x{hour}{number:02}")
        for hour, now in enumerate((node.now, later))
        for number, event in enumerate(_some(world, node, now))
    ]
    for some in combinations(events, together):
        with law("law_17", some):
            ends = [end for order in permutations(some) if (end := _after(node.state, order, later, policy))]
            assert all(end == ends[0] for end in ends), "the order of arrival is seen in the end"


def _some(world, node, now):
    """All that makes sense, and a few of the mistakes."""
    return [*arrivals(world, node.notes, "x", now), *list(mistakes(world, node.notes, "x", now))[::6]]


def _after(state, events, at, policy):
    try:
        for event in events:
            state, _ = sla.step(state, event, policy)
    except TransitionNotAllowed:
        return None
    state, effects = sla.step(state, Tick(at), policy)
    return state, sorted(effect.key for effect in effects)


# 19. Silence alone ends at a person.


def longest_silence(world):
    """The sum of the bounds: a dealer's clocks, notice, a pause, and a router that does not answer."""
    terms = [one.terms for one in world.policies]
    longest = max(length.delta for one in terms for length in one.lengths())
    bounds = (max(getattr(one, name).delta for one in terms) for name in ("notice", "max_pause", "delivery_bound"))
    return longest + sum(bounds, timedelta(0))


def law_19(search, node, *, relay, router):
    """From here on there are ticks alone, each as soon as it is due, until a person is told.

    `relay`: each reminder leaves at once, or none ever does. `router`: it names another dealer at once, or nobody
    ever; then every dealer may be as silent as the first. Where a course meets one that was gone before, it ends.
    """
    bound = longest_silence(search.world) * (1 + router * (1 + len(search.world.dealers)))
    course, known, told = [], search.silences[relay, router], node.notes.face.phase in CLOSED
    left = timedelta(0)
    while not told:
        key = same(search.world, node.state, node.notes, node.now)
        if key in known:
            left = known[key]
            break
        course.append((key, node.now))
        with law("law_19", f"after {len(course)} ticks"):
            due = sla.next_due(node.state)
            assert due is not None, "nothing is due any more, and nobody was told"
            assert len(course) < MANY, "nobody is ever told"
        node = search.tick(node, max(due, node.now), search.world.pinned(node.state.policy))
        told = any(effect.does in ("escalate", "return_to_house") for effect in node.effects)
        if not told:
            node = _answered(search, node, relay, router)
    for key, since in course:
        known[key] = node.now - since + left
        with law("law_19"):
            assert known[key] <= bound, f"silent for {known[key]}"


def _answered(search, node, relay, router):
    """What comes back of the effects of a tick, if anything does."""
    policy = search.world.pinned(node.state.policy)
    for number, effect in enumerate(node.effects):
        about = {"id": f"e{node.length:04}{number}", "lead": LEAD, "received_at": node.now}
        if effect.does == "remind" and relay:
            sent = ReminderSent(**about, assignment=effect.assignment, effect=effect.key)
            node = search.heard(node, sent, policy)
        if effect.does == "request_next" and router:
            fresh = [name for name in search.world.dealers if name not in effect.exclude]
            holder, outcome = (fresh[0], "assigned") if fresh else (HOUSE, "house")
            named = Assigned(**about, assignment=effect.assignment + 1, holder=holder, outcome=outcome)
            node = search.heard(node, named, policy)
    return node


# 20. Replay gives the same again.


def law_20(world, node):
    """All that led here once more, from the beginning: the same state, the same keys, and no key but a wake twice."""
    path = node.path()
    state, keys = sla.begin(LEAD, world.policies[0], at=world.begin), []
    for one in path:
        state, effects = sla.step(state, one.by, one.policy)
        keys += [effect.key for effect in effects]
    with law("law_20", node.by):
        assert state == node.state, "another state"
        assert keys == [effect.key for one in path for effect in one.effects], "other effects"
        once = [key for key in keys if "/wake:" not in key]
        assert len(once) == len(set(once)), "one key for two effects"


# 21. Another policy is refused.


def law_21(node, policy):
    """Under another policy nothing happens but a migration to that very one."""
    at = {"lead": LEAD, "received_at": node.now}
    about = max(node.notes.face.number, 1)
    tried = [
        (Tick(node.now + HOUR), STRANGE),
        (Accepted("x", assignment=about, **at), STRANGE),
        (Migrate("x", to=STRANGE.digest, how="keep_due", **at), policy),
        (Migrate("x", to=policy.digest, how="keep_due", **at), STRANGE),
    ]
    for event, other in tried:
        with law("law_21", event):
            try:
                sla.step(node.state, event, other)
            except PolicyMismatch:
                continue
            raise AssertionError("another policy is taken")
