"""The conditions that a manufacturer and its dealers have agreed on.

May know: the floor below. May not know: plans, routing, deadlines.
"""

from __future__ import annotations

from attrs import frozen

from dealerrouting.errors import Fault, PlanError

__all__ = ["Terms"]


@frozen
class Terms:
    """What holds for every lead under a plan.

    `max_reassignments`: how often one lead may move on to another dealer. A lead that this many
    and one more dealers have had (declined or withdrawn) goes to the house.
    """

    max_reassignments: int = 2

    def __attrs_post_init__(self) -> None:
        """Refuse what is not a whole number from 0 to 100."""
        value = self.max_reassignments
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100:
            raise PlanError(
                [
                    Fault(
                        "terms.max_reassignments",
                        f"`{value}` is not a number of reassignments",
                        "give a whole number from 0 to 100",
                        ("terms", "max_reassignments"),
                    )
                ]
            )
