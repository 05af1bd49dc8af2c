"""A small store that nobody has swept for days, for the commands on it."""

from datetime import UTC, datetime, timedelta

from dealerrouting import Company, Dealer, Lead, Plan, Registration, Territory, by
from dealerrouting.adapters.sql import SqlStore, upgrade
from dealerrouting.desk import LeadDesk

SAID = "Canary Person"
"""What a prospect said, in every lead."""
DEALERS = [Dealer("delta"), Dealer("maas"), Dealer("office", kind="house")]
PLAN = """
schema_version: 1
name: second
house: office
timezone: Europe/Amsterdam
dealers: [{id: maas}, {id: office, kind: house}]
territories: [{id: north, dealers: [maas], country: NL}]
precedence: [registrations, territories]
"""


TERRITORIES = [Territory("south", ["delta"], country="NL"), Territory("west", ["maas"], country="BE")]


def small_plan(name="first", dealers=DEALERS, territories=TERRITORIES):
    precedence = [by.registrations(), by.territories()]
    return Plan(name, house="office", dealers=dealers, territories=territories, precedence=precedence)


class Clock:
    """A clock that is set by hand."""

    def __init__(self, ago):
        self.t = datetime.now(UTC) - ago

    def __call__(self):
        return self.t


def fill(url, secret=None, ago=timedelta(days=9)):
    """Two plans, six leads of which two are with `maas`, a claim; told nine days ago, and then left alone."""
    upgrade(url)
    with SqlStore(url, clock=Clock(ago)) as store:
        clock = store.work.reading.clock
        desk = LeadDesk(store, secret=secret)
        desk.activate(small_plan("zeroth", DEALERS[1:], territories=[]), actor="ops")
        clock.t += timedelta(hours=1)
        desk.activate(small_plan(), actor="ops", reason="spring")
        for n in range(6):
            clock.t += timedelta(minutes=1)
            mail = f"canary@prospect-{n}.example"
            desk.receive(Lead(f"L{n}", country="BE" if n > 3 else "NL", email=mail, contact_name=SAID), key=f"k{n}")
        claimed = Company("Canary Works", domain="canary-works.example")
        desk.register(Registration("R1", "maas", claimed, submitted_at=clock.t, email="claim@canary-works.example"))
        for message in desk.messages(limit=1_000):
            desk.sent(message)
