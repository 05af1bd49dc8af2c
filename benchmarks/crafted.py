"""Plans made so that cells explode: what `verify` cannot settle within its budget, it must say.

`explosive` is as hard as the satisfiability of formulas; in `tangled` everybody is everywhere.
"""

from __future__ import annotations

from random import Random

from plausible import NACE, PRODUCTS

from dealerrouting import Dealer, Plan, Rule, Territory, by, where
from dealerrouting.rules.conditions import Condition

__all__ = ["complete", "explosive", "tangled"]


def explosive(variables: int = 120, *, rest: bool = False, seed: int = 7) -> Plan:
    """Is every lead served? Here that asks whether a random formula of three-literal clauses can be satisfied.

    Each rule is one clause turned round: three yes-or-no attributes and what they must be. A lead that says them all
    (`complete`) and that no rule takes satisfies the formula. With 4.3 clauses a variable such formulas are the hardest
    there are. With a `rest` a last rule takes the complete leads that are left; whether it ever does is the same
    question.
    """
    random = Random(seed)
    names = [f"a{n}" for n in range(variables)]
    rules = []
    for n in range(variables * 43 // 10):
        first, second, third = (where[name] == (random.random() < 0.5) for name in random.sample(names, 3))
        rules.append(Rule(f"r{n}", first & second & third, [f"d{n % 5}"]))
    if rest:
        rules.append(Rule("rest", complete(variables), ["d0"]))
    return Plan(
        "explosive",
        house="house",
        dealers=[Dealer("house", kind="house"), *(Dealer(f"d{n}") for n in range(5))],
        precedence=[by.rules(*rules)],
        attributes=dict.fromkeys(names, "bool"),
    )


def complete(variables: int = 120) -> Condition:
    """Dutch leads that say every attribute of `explosive`."""
    found = where.country == "NL"
    for n in range(variables):
        found &= where[f"a{n}"].exists()
    return found


def tangled(territories: int = 400, seed: int = 7) -> Plan:
    """Everybody everywhere: territories over one country that each name many sectors, products and languages.

    Nearly every combination of a sector, a product and a language has a pool of its own.
    """
    random = Random(seed)
    divisions = [NACE.display(code) for code in NACE.codes() if len(code) == 2]
    spoken = ("nl", "fr", "de", "en", "it", "es", "pl", "tr")
    lands = [
        Territory(
            f"t{n}",
            [f"d{n}"],
            country="NL",
            postcodes=f"{random.randint(1_000, 4_000)}..{random.randint(6_000, 9_999)}",
            sectors=random.sample(divisions, len(divisions) // 2),
            products=random.sample(PRODUCTS, len(PRODUCTS) // 2),
            languages=random.sample(spoken, len(spoken) // 2),
        )
        for n in range(territories)
    ]
    return Plan(
        "tangled",
        house="house",
        dealers=[Dealer("house", kind="house"), *(Dealer(f"d{n}") for n in range(territories))],
        territories=lands,
        precedence=[by.territories(pick=["specific", "rotation"])],
    )
