"""The same bytes under forty hash seeds, in processes of their own, and the same digest."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import batch
from dealerrouting import Dealer, Plan, Territory, by

TESTS = Path(__file__).parent


def run(seed, code=None):
    """What the batch prints in a process with this hash seed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])}
    command = [sys.executable, "-c", code] if code else [sys.executable, str(TESTS / "batch.py")]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=TESTS)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.pure
@pytest.mark.slow
def test_forty_hash_seeds_print_the_same_bytes():
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        printed = list(pool.map(run, [0, *range(1, 39), 4_294_967_295]))
    assert len({hashlib.sha256(text).hexdigest() for text in printed}) == 1
    assert len(printed[0].splitlines()) == batch.PLANS * (2 + 3 * batch.LEADS)


@pytest.mark.pure
def test_the_batch_is_mixed():
    decisions = [line[2] for line in batch.told() if isinstance(line[0], dict) and len(line) == 4]
    assert len(decisions) == batch.PLANS * batch.LEADS
    rungs = {decision["by"].partition("-")[0] for decision in decisions}
    assert rungs == {"house", "registrations", "accounts", "incumbent", "rules", "territories", "nearest"}
    flags = {flag.partition(":")[0] for decision in decisions for flag in decision["flags"]}
    assert flags >= {
        "by_plan",
        "conflict",
        "nobody_serves",
        "no_dealer_available",
        "claimant_unavailable",
        "unreadable",
    }


FAULT = """
import batch
from dealerrouting.rules import picks

def first_by_hash(pool, draw):
    return picks.Kept(tuple(sorted(pool, key=lambda one: hash(one.dealer)))[:1])

picks.POLICIES = {**picks.POLICIES, "rotation": first_by_hash}
batch.main()
"""


@pytest.mark.slow
@pytest.mark.pure
def test_an_order_that_depends_on_the_seed_is_seen():
    assert len({run(seed, FAULT) for seed in (0, 1, 2)}) > 1


@pytest.mark.pure
def test_a_digest_is_text_of_the_plan_alone():
    def plan():
        people = [Dealer("house", kind="house"), Dealer("a")]
        return Plan(
            "p", house="house", dealers=people, territories=[Territory("t", "a")], precedence=[by.territories()]
        )

    assert plan().digest == plan().digest
    algorithm, _, digits = plan().digest.partition(":")
    assert algorithm == "sha256"
    assert len(digits) == 64
