"""The life of a claim as a table, the rules that decide it, and the theory of both.

May know: nothing but words. May not know: claims, terms, how a step is made.

**The statuses.** A claim is `submitted` until it is decided; `returned` while data are missing; `approved` while it
protects its dealer; and then `expired`, `withdrawn` or `converted` into a sale; or it was `rejected`. The last four are
the end.

**Time.** Every instant is the server's, given as `at` and never earlier than the step before. A claim is as old as its
last submission: one that was returned has the age of its completion, for only a valid claim can be first. An approved
claim stands from its approval until just before `expires_at`, to the microsecond, whether or not somebody has taken
note that it is over.

**One prospect, one claim.** Two claims meet where their companies are the same (by number, LEI, VAT number, own domain,
or name at a postcode, see `identity.match`) and their products overlap; naming none means all. Of claims that meet only
one stands at a time. The one submitted first goes first; of one instant, the one whose id comes first in code-point
order; so among claims that wait, the order in which they are looked at cannot matter. Where the terms approve at once,
the one that the server takes in first stands, for nothing that stands is taken back. The others wait, and may be
approved once what stands before them has ended.

**Rules, not moods.** Every step names the rule by which it was made. A rule that `rejects` ends a claim, one that makes
it `wait` holds it up as long as it holds, and one that `asks` leaves it to a person. Nothing a person says outweighs a
rule that rejects or makes wait: what stands in the way has to end first, by a step of its own that says who and why.

**Against fencing.** A dealer makes only so many claims in thirty days, brings what evidence the terms want, and cannot
hold more than its part of a territory. What came in a list waits for a person. Refused claims are not kept at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

__all__ = ["MOVES", "OPEN", "OVER", "RULES", "TABLE", "Row", "Rule"]

OPEN = ("submitted", "returned", "approved")
OVER = ("rejected", "expired", "withdrawn", "converted")


@frozen
class Row:
    """From these statuses (None: there is no claim yet) this may be done, by whom, and leads to one of those."""

    do: str
    statuses: tuple[str | None, ...]
    to: tuple[str, ...]
    who: str
    why: str
    evidence: bool = False


TABLE = (
    Row("submit", (None,), ("submitted", "approved", "rejected"), "dealer", "the dealer claims the prospect"),
    Row("settle", ("submitted",), ("submitted", "approved", "rejected"), "time", "the rules are asked again"),
    Row("approve", ("submitted",), ("approved",), "person", "a person says yes, and no rule is in the way"),
    Row("reject", ("submitted", "returned"), ("rejected",), "person", "a person says no"),
    Row("return", ("submitted",), ("returned",), "person", "data are missing; `missing` says which", evidence=True),
    Row("complete", ("returned",), ("submitted", "approved", "rejected"), "dealer", "the data are there now"),
    Row("extend", ("approved",), ("approved",), "person", "the protection goes on, on evidence", evidence=True),
    Row("act", ("approved",), ("approved",), "dealer", "the dealer has been active on it"),
    Row("withdraw", ("submitted", "returned", "approved"), ("withdrawn",), "dealer", "the dealer gives it up"),
    Row("yield", ("approved",), ("withdrawn",), "person", "the customer chose another in writing", evidence=True),
    Row("convert", ("approved",), ("converted",), "person", "the prospect has bought"),
    Row("expire", ("submitted", "returned", "approved"), ("expired",), "time", "its time is over"),
)
"""Everything that may be done with a claim. What is not here is refused, and changes nothing."""

MOVES: Mapping[str, Row] = {row.do: row for row in TABLE}
"""The same, to look up."""


@frozen
class Rule:
    """What a rule does to a claim, what the claimant reads of it, and why.

    `does`: `allows`, `rejects`, `waits`, `asks` or `refuses` (the step is not made at all). `dealer` is the word that a
    dealer reads in place of the rule's own name, where that would tell of others.
    """

    does: str
    why: str
    dealer: str = ""


RULES: Mapping[str, Rule] = {
    # Why a claim is as it is.
    "first_valid": Rule("waits", "another claim on the same prospect was valid first", "taken"),
    "same_instant": Rule("waits", "two claims of one instant: the one whose id comes first goes first", "taken"),
    "house_account": Rule("rejects", "the prospect is an account of the house", "taken"),
    "account": Rule("rejects", "the prospect is an account of another dealer", "taken"),
    "customer": Rule("rejects", "another dealer is serving the prospect already, or the house is", "taken"),
    "parent_group": Rule("waits", "a claim stands on a company of the same group, and the terms cover groups", "taken"),
    "parent_company": Rule("asks", "a claim stands on a company of the same group", "ask"),
    "alike": Rule("asks", "what may be the same company is claimed, an account or a customer already", "ask"),
    "another_number": Rule("asks", "a claim, an account or a customer agrees with it but for the number", "ask"),
    "two_domains": Rule("asks", "its web domain and its mail domain are not the same"),
    "claimed_before": Rule("asks", "a claim of the dealer on the prospect has ended not long ago"),
    "list_import": Rule("asks", "it came in a list"),
    "share_of_market": Rule("waits", "the dealer would hold more than its part of the territory"),
    "inactive_dealer": Rule("waits", "the dealer is not active"),
    "unopposed": Rule("allows", "nothing speaks against it"),
    "other_product": Rule("allows", "what is claimed besides is for other products", "unopposed"),
    "by_hand": Rule("allows", "a person decided"),
    "data_missing": Rule("allows", "it was returned, because data are missing"),
    "evidence": Rule("allows", "the evidence allows it"),
    "active": Rule("allows", "the dealer has been active"),
    "given_up": Rule("allows", "the dealer gave it up"),
    "customers_choice": Rule("allows", "the customer chose another dealer in writing"),
    "sold": Rule("allows", "the prospect has bought"),
    "protection_over": Rule("allows", "its protection has ended"),
    "no_activity": Rule("allows", "the dealer was not active in time"),
    "not_completed": Rule("allows", "the missing data did not come in time"),
    "not_decided": Rule("allows", "nobody decided it in time"),
    # Why a step is not made.
    "not_allowed": Rule("refuses", "the claim's status does not allow it"),
    "unknown_dealer": Rule("refuses", "there is no such dealer"),
    "no_key": Rule("refuses", "nothing says which company it is"),
    "unreadable": Rule("refuses", "a field cannot be read"),
    "bad_number": Rule("refuses", "a number has the wrong form or fails its check"),
    "two_companies": Rule("refuses", "its numbers are of two companies"),
    "future": Rule("refuses", "a date lies in the future"),
    "server_time": Rule("refuses", "dates are the server's to give"),
    "back_dated": Rule("refuses", "it would come before the last step"),
    "evidence_missing": Rule("refuses", "evidence is missing"),
    "nobody": Rule("refuses", "a person decides, and none is named"),
    "repeated_id": Rule("refuses", "another claim has this id"),
    "already_yours": Rule("refuses", "the dealer has a claim on it already"),
    "quota": Rule("refuses", "the dealer has made as many as the terms allow"),
    "no_extension_left": Rule("refuses", "it has been extended as often as the terms allow"),
    "no_end": Rule("refuses", "it has no end that could be moved"),
    "not_yet": Rule("refuses", "its time is not over yet"),
    "too_late": Rule("refuses", "the missing data come too late"),
    # What a dealer reads in place of a rule that would tell of others.
    "taken": Rule("refuses", "it is taken"),
    "ask": Rule("refuses", "only a person can say"),
}
"""Every outcome names one of these. A rule that rejects or makes wait also refuses: a new claim where it is the
dealer's own affair (`share_of_market`, `inactive_dealer`), and an approval by hand always."""
