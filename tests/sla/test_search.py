"""Every state that a small timed world can get a lead into, and laws 9 to 22 in each of them.

What can happen is in `sla_world`, who watches in `sla_notes` and `sla_bystander`, the laws in `sla_laws` and
`sla_courses`. That each of them turns red on a broken machine is shown in `faults/test_sla_faults.py`.
"""

import pytest

from dealerrouting.sla import DEADLINES, TABLE
from sla_search import Search
from sla_world import WIDE, WORLDS

pytestmark = pytest.mark.pure
FEWEST = 500
"""A world with fewer states than this is not what it is thought to be."""


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_every_state_keeps_the_laws(world):
    search = Search(world).run()
    assert len(search.known) > FEWEST, f"{len(search.known)} states and {search.moves} moves"
    assert not list(never_taken(search.taken, world.covers))


@pytest.mark.long
@pytest.mark.parametrize("world", WIDE, ids=lambda world: world.name)
def test_every_state_of_a_wider_world_keeps_the_laws(world):
    assert len(Search(world).run().known) > 5 * FEWEST


def rows():
    """All rows of both tables: the phases it is for, what happens, where it leads."""
    yield from ((row.phases, row.event, row.to) for row in TABLE)
    yield from ((row.phases, f"{row.does}:{row.rule}", row.to) for row in DEADLINES)


def never_taken(taken, causes):
    """Rows that nothing ever took from one of their phases, and phases to which no row of these led."""
    for phases, cause, to in rows():
        if cause in causes:
            ends = {(was, now) for was, what, now in taken if what == cause and was in phases}
            yield from ((cause, "from", phase) for phase in phases if phase not in {was for was, _ in ends})
            yield from ((cause, "to", phase) for phase in to if phase not in {now for _, now in ends})


def test_no_row_is_left_to_no_world():
    covered = {cause for world in WORLDS for cause in world.covers}
    assert {cause for _, cause, _ in rows()} == covered
