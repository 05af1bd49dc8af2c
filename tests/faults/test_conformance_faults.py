"""The kit rejects every store and every source that is planted with a fault, and says what is wrong with it."""

import asyncio
import unicodedata
from collections import Counter as Tally
from datetime import timedelta

import pytest
from attrs import evolve, frozen

from dealerrouting import Count, Facts, Lead
from dealerrouting.errors import Conflict
from dealerrouting.mapping import FrozenMap
from dealerrouting.memory import MemoryStore
from dealerrouting.model.facts import PARTS
from dealerrouting.ports import Ref, Survey, Writes
from dealerrouting.testing import conformance

MOMENT = timedelta(microseconds=1)


class Store(MemoryStore):
    """The model, to be spoilt."""


class IgnoresReads(Store):
    def commit(self, reads, writes):
        super().commit({}, writes)


class IgnoresAbsence(Store):
    def commit(self, reads, writes):
        super().commit({ref: version for ref, version in reads.items() if version}, writes)


class LooksAtTheFirstReadOnly(Store):
    def commit(self, reads, writes):
        super().commit(dict(list(reads.items())[:1]), writes)


class TakesOlderReads(Store):
    """Refuses only what was read at an older version, and takes one from the future."""

    def commit(self, reads, writes):
        super().commit({r: min(v, self._versions.get(r, 0)) for r, v in reads.items()}, writes)


class RaisesNoVersion(Store):
    def commit(self, reads, writes):
        super().commit(reads, writes)
        for ref in writes.changed():
            self._versions[ref] -= 1


class RaisesOnlyWhatWasRead(Store):
    def commit(self, reads, writes):
        super().commit(reads, writes)
        for ref in writes.changed() - set(reads):
            self._versions[ref] -= 1


class RaisesWhatWasReadToo(Store):
    def commit(self, reads, writes):
        super().commit(reads, writes)
        for ref in set(reads) - writes.changed():
            self._versions[ref] = self._versions.get(ref, 0) + 1


class RaisesOnceForEachMention(Store):
    def commit(self, reads, writes):
        super().commit(reads, writes)
        for ref, times in Tally(writes._changed()).items():
            self._versions[ref] += times - 1


class ForgetsTheVersionOfTheErased(Store):
    def commit(self, reads, writes):
        super().commit(reads, writes)
        for ref in writes.erase:
            if ref.kind == "claim":
                del self._versions[ref]


class AppliesHalf(Store):
    def commit(self, reads, writes):
        try:
            super().commit(reads, writes)
        except Conflict:
            self._put(writes)
            raise


class AppendsBeforeItRefuses(Store):
    def commit(self, reads, writes):
        try:
            super().commit(reads, writes)
        except Conflict:
            self._append(evolve(writes, answers=(), messages=(), left=()))
            raise


class SendsBeforeItRefuses(Store):
    def commit(self, reads, writes):
        try:
            super().commit(reads, writes)
        except Conflict:
            self._append(Writes(messages=writes.messages, left=writes.left))
            raise


class LosesMessages(Store):
    def commit(self, reads, writes):
        super().commit(reads, evolve(writes, messages=()))


class TakesTheLastMessage(Store):
    def commit(self, reads, writes):
        super().commit(reads, writes)
        self._messages |= {one.key: one for one in writes.messages}


class AddsMessagesTwice(Store):
    def pending(self, at, limit):
        again = [one for one in super().pending(at, limit) for _ in range(self.twice.get(one.key, 1))]
        return tuple(again[:limit])

    def commit(self, reads, writes):
        super().commit(reads, writes)
        self.twice = Tally(getattr(self, "twice", ())) + Tally(one.key for one in writes.messages)


class SendsAgainWhatHasLeft(Store):
    def commit(self, reads, writes):
        super().commit(reads, writes)
        self._left -= {one.key for one in writes.messages} - set(writes.left)


class SendsTooEarly(Store):
    def pending(self, at, limit):
        return tuple(one for one in super().pending(at + timedelta(days=1), limit) if one.at <= at)


class ForgetsThatAnswersAreUnique(Store):
    def commit(self, reads, writes):
        for one in writes.answers:
            self._answers.pop(one.key, None)
        super().commit(reads, writes)


class DueUnordered(Store):
    def due(self, at, limit, *, lease=None):
        return tuple(reversed(super().due(at, limit, lease=lease)))


class DueInTheOrderOfALanguage(Store):
    def due(self, at, limit, *, lease=None):
        told = super().due(at, limit, lease=lease)
        return tuple(sorted(told, key=lambda one: (one.at, one.ref.kind, one.ref.id.casefold())))


class DueAMomentLate(Store):
    def due(self, at, limit, *, lease=None):
        return super().due(at - MOMENT, limit, lease=lease)


class ParkedIsDue(Store):
    def _parked(self, ref):
        return False


class IgnoresLeases(Store):
    def due(self, at, limit, *, lease=None):
        return super().due(at, limit)


class LeasesForEver(Store):
    def due(self, at, limit, *, lease=None):
        return super().due(at, limit, lease=lease and timedelta(days=10_000))


class LeasesAMomentTooLong(Store):
    def due(self, at, limit, *, lease=None):
        return super().due(at, limit, lease=lease and lease + MOMENT)


class LeasesMoreThanItGives(Store):
    def due(self, at, limit, *, lease=None):
        return super().due(at, 99, lease=lease)[:limit] if lease else super().due(at, limit)


class NeverUnleases(Store):
    def unlease(self, refs):
        pass


class LeasesOutliveCommits(Store):
    def commit(self, reads, writes):
        leases = dict(self._leases)
        super().commit(reads, writes)
        self._leases |= leases


class OverwritesCounts(Store):
    def _put(self, writes):
        super()._put(evolve(writes, counts=FrozenMap()))
        for name, number in writes.counts.items():
            self._counts[name] = number


class MergesLedgers(Store):
    def _put(self, writes):
        merged = {name: self._ledgers.get(name, FrozenMap()).updated(new) for name, new in writes.ledgers.items()}
        super()._put(evolve(writes, ledgers=FrozenMap(merged)))


class CountsCreditsInFloats(Store):
    def _put(self, writes):
        ledgers = {name: FrozenMap({d: int(float(n)) for d, n in one.items()}) for name, one in writes.ledgers.items()}
        super()._put(evolve(writes, ledgers=FrozenMap(ledgers)))


class KeepsOldKeys(Store):
    def _put(self, writes):
        known = [evolve(one, keys=(*self._known.get(one.ref, ()), *one.keys)) for one in writes.known]
        super()._put(evolve(writes, known=tuple(known)))


class FindsLostLeads(Store):
    def _prospect(self, key):
        found = super()._prospect(key)
        leads = [ref.id for ref, keys in self._known.items() if ref.kind == "lead" and key in keys]
        return evolve(found, leads=tuple(sorted(leads)))


class ForgetsPolicies(Store):
    def _put(self, writes):
        super()._put(writes)
        for _, policy, _ in writes.plans:
            del self._plans[policy]


class EraseKeepsContent(Store):
    def _erase(self, ref):
        content = self._contents.get(ref.id)
        super()._erase(ref)
        if content and ref.kind == "lead":
            self._contents[ref.id] = content


class EraseKeepsAnswers(Store):
    def _erase(self, ref):
        answers = dict(self._answers)
        super()._erase(ref)
        self._answers = answers


class EraseKeepsMessages(Store):
    def _erase(self, ref):
        messages = dict(self._messages)
        super()._erase(ref)
        self._messages = messages


class EraseTakesEvents(Store):
    def _erase(self, ref):
        super()._erase(ref)
        self._events.pop(ref.id, None)


class EraseTakesDecisions(Store):
    def _erase(self, ref):
        super()._erase(ref)
        self._decisions = [one for one in self._decisions if one.decision.lead != ref.id]


class HistoryUnordered(Store):
    def history(self, lead):
        told = super().history(lead)
        return evolve(told, decisions=tuple(sorted(told.decisions, key=lambda one: one.decision.at)))


class EqualEventsAreOne(Store):
    def history(self, lead):
        told = super().history(lead)
        return evolve(told, events=tuple(dict.fromkeys(told.events)))


class NormalisesText(Store):
    def _put(self, writes):
        def plain(trouble):
            return trouble and evolve(trouble, reason=unicodedata.normalize("NFC", trouble.reason))

        super()._put(evolve(writes, troubles=tuple((ref, plain(one)) for ref, one in writes.troubles)))


class CutsLongText(Store):
    def _append(self, writes):
        super()._append(evolve(writes, acts=tuple(evolve(one, reason=one.reason[:255]) for one in writes.acts)))


class CutsMicroseconds(Store):
    def _put(self, writes):
        cases = tuple(evolve(one, received_at=one.received_at.replace(microsecond=0)) for one in writes.cases)
        super()._put(evolve(writes, cases=cases))


class LosesUnreadableText(Store):
    def _put(self, writes):
        def printable(lead):
            raw = "".join(lead.unreadable.values())
            return Lead(lead.id, lead.company) if "\0" in raw else lead

        super()._put(evolve(writes, contents=tuple(map(printable, writes.contents))))


class FoldsIds(Store):
    def _value(self, ref, now):
        return super()._value(Ref(ref.kind, self._folded.get(ref.id.casefold(), ref.id)), now)

    def commit(self, reads, writes):
        super().commit(reads, writes)
        for ref in writes.changed():
            self._folded[ref.id.casefold()] = ref.id

    @property
    def _folded(self):
        return self.__dict__.setdefault("folded", {})


class MindsTheCaseOfMail(Store):
    def about(self, person):
        return tuple(ref for ref in super().about(person) if person == self._mail(ref))

    def _mail(self, ref):
        return self._contents[ref.id].email if ref.kind == "lead" else self._claims[ref.id].claim.email


class LowersMailOnly(MindsTheCaseOfMail):
    def about(self, person):
        return tuple(ref for ref in Store.about(self, person) if person.lower() == self._mail(ref).lower())


class FindsPartsOfMail(Store):
    def about(self, person):
        mails = {Ref("lead", name): lead.email or "" for name, lead in self._contents.items()}
        return tuple(sorted(ref for ref, mail in mails.items() if person.casefold() in mail.casefold()))


class RecentIsUnbounded(Store):
    def _given(self, dealer, now):
        return (one.decision.at for one in self._decisions if one.decision.holder == dealer)


class RecentIsOfEverybody(Store):
    def _given(self, dealer, now):
        return [one.decision.at for one in self._decisions if now - timedelta(days=30) < one.decision.at <= now]


class WaitingById(Store):
    def _value(self, ref, now):
        told = super()._value(ref, now)
        return tuple(sorted(told)) if ref.kind == "waiting" else told


class ExpiresAMomentEarly(Store):
    def expired(self, before, limit):
        return super().expired(before + MOMENT if before.year < 9999 else before, limit)


class SurveysClosedLeads(Store):
    def survey(self, at):
        told = super().survey(at)
        return evolve(told, phases=FrozenMap(Tally(case.phase for case in self._cases.values())))


class SurveysWithoutParked(Store):
    def survey(self, at):
        return evolve(super().survey(at), parked=Survey(at).parked)


class TellsDataInErrors(Store):
    def commit(self, reads, writes):
        try:
            super().commit(reads, writes)
        except Conflict as error:
            raise Conflict(f"{error} while writing {[lead.email for lead in writes.contents]}") from None


class TellsNoAbsence(Store):
    def load(self, refs, at=None):
        told = super().load(refs, at)
        return evolve(told, values={ref: value for ref, value in told.values.items() if value is not None})


class HasItsOwnTime(Store):
    def load(self, refs, at=None):
        return super().load(refs)


COMMON = MemoryStore()


def common():
    """Everybody's store."""
    return COMMON


class ReadsVersionsLast:
    """An async store whose snapshot may tell a version that is younger than its value."""

    def __init__(self):
        self._store = MemoryStore()

    async def load(self, refs, at=None):
        values = self._store.load(refs, at)
        await asyncio.sleep(0)
        return evolve(values, versions=self._store.load(refs, at).versions)

    async def commit(self, reads, writes):
        self._store.commit(reads, writes)


class LooksBeforeItLeaps(ReadsVersionsLast):
    """An async store that compares versions, and writes only after others have had their turn."""

    async def load(self, refs, at=None):
        return self._store.load(refs, at)

    async def commit(self, reads, writes):
        self._store.commit(reads, Writes())
        await asyncio.sleep(0)
        self._store.commit({}, writes)


@frozen
class Planted:
    """A fault, the check that is to find it, and words of what it is to say."""

    make: object
    check: str
    words: tuple[str, ...]
    law: int


def planted(make, check, law, *words):
    return pytest.param(Planted(make, check, words, law), id=make.__name__)


STORES = [
    planted(
        IgnoresReads, "two_later_changes_on_one_lead_one_wins", 24, "made a change that it must refuse", "one wins"
    ),
    planted(IgnoresReads, "a_stale_read_of_what_is_not_changed_is_refused", 24, "a ledger was read that is changed"),
    planted(IgnoresAbsence, "absence_of_a_prospect_is_a_version", 24, "read as absent, and it is there by now"),
    planted(IgnoresAbsence, "two_first_changes_on_one_ledger_one_wins", 24, "decided on one ledger: one wins"),
    planted(LooksAtTheFirstReadOnly, "the_last_of_many_reads_leaves_nothing_of_cases", 24, "one read of four stale"),
    planted(TakesOlderReads, "a_version_from_the_future_is_refused", 24, "read at version 2, and is at 1"),
    planted(RaisesNoVersion, "a_commit_of_claims_raises_the_right_versions", 24, "must grow by exactly one"),
    planted(RaisesOnlyWhatWasRead, "a_change_of_everything_that_was_not_read_raises_each_version_once", 24, "not read"),
    planted(RaisesWhatWasReadToo, "reading_alone_raises_no_version", 24, "reads and writes nothing changes nothing"),
    planted(
        RaisesOnceForEachMention, "several_changes_of_one_thing_in_one_commit_are_one", 24, "`touched` of one commit"
    ),
    planted(ForgetsTheVersionOfTheErased, "an_erased_thing_keeps_its_version", 24, "claim after it was erased"),
    planted(
        AppliesHalf,
        "a_stale_read_leaves_nothing_of_ledgers",
        23,
        "decided on a stale lead",
        "it has changed load(ledger:",
    ),
    planted(AppliesHalf, "a_refused_change_moves_nothing_that_is_due", 23, "the change was refused"),
    planted(AppendsBeforeItRefuses, "a_known_answer_leaves_nothing_of_events", 23, "changed history(L1).events"),
    planted(SendsBeforeItRefuses, "a_stale_read_leaves_nothing_of_messages", 23, "changed history(L1).messages"),
    planted(LosesMessages, "a_message_is_pending_from_its_instant_on", 25, "what pending", "1 of them", "got:      0"),
    planted(TakesTheLastMessage, "a_message_with_a_known_key_is_not_added_again", 16, "the first message stays"),
    planted(
        AddsMessagesTwice, "a_message_that_comes_twice_in_one_commit_is_one", 16, "the same key twice in one commit"
    ),
    planted(SendsAgainWhatHasLeft, "a_message_that_has_left_does_not_come_again", 16, "has left came again"),
    planted(SendsTooEarly, "a_message_waits_for_the_instant_it_may_be_sent_from", 25, "`send_from` counts"),
    planted(ForgetsThatAnswersAreUnique, "a_key_that_has_an_answer_is_refused", 26, "its key has an answer already"),
    planted(
        DueUnordered,
        "due_is_in_order_of_time_whatever_the_order_of_commits",
        19,
        "first due comes first",
        "another order",
    ),
    planted(DueInTheOrderOfALanguage, "due_at_one_instant_is_in_order_of_kind_and_id", 19, "code-point order"),
    planted(DueAMomentLate, "a_lead_is_due_at_its_instant_and_not_a_microsecond_before", 11, "at the very instant"),
    planted(ParkedIsDue, "what_is_parked_is_left_out", 19, "a parked lead and a parked claim are left alone"),
    planted(
        IgnoresLeases, "what_is_leased_is_given_to_nobody_else", 16, "second sweep is given: not what the first has"
    ),
    planted(LeasesForEver, "a_lease_is_over_when_its_time_has_gone_by", 2, "a sweep that died loses leads"),
    planted(LeasesAMomentTooLong, "a_lease_is_over_when_its_time_has_gone_by", 2, "to the microsecond"),
    planted(LeasesMoreThanItGives, "what_is_leased_is_given_to_nobody_else", 16, "second sweep"),
    planted(NeverUnleases, "unlease_gives_back_what_it_names", 2, "one of three was given back"),
    planted(LeasesOutliveCommits, "a_commit_ends_the_lease_of_what_it_changes", 2, "was committed, and is due again"),
    planted(OverwritesCounts, "counts_are_added", 24, "`counts` are added to what was there"),
    planted(OverwritesCounts, "two_changes_of_one_count_need_not_wait", 24, "both were decided before either was made"),
    planted(MergesLedgers, "a_ledger_is_replaced_whole", 24, "not in the new ledger is gone"),
    planted(CountsCreditsInFloats, "credits_may_be_of_any_size", 2, "no bound"),
    planted(KeepsOldKeys, "new_keys_take_the_place_of_old_ones", 24, "a key that a lead no longer has"),
    planted(
        FindsLostLeads,
        "only_leads_that_are_open_or_won_are_found_by_a_key",
        24,
        "is open, and when it was won",
    ),
    planted(ForgetsPolicies, "a_plan_is_found_by_its_digest_and_by_that_of_its_policy", 2, "digest of its policy"),
    planted(
        EraseKeepsContent, "what_a_lead_said_is_gone_when_it_is_erased", 29, "the lead was erased", "expected: None"
    ),
    planted(EraseKeepsAnswers, "answers_about_an_erased_lead_are_gone", 29, "answer about a lead that was erased"),
    planted(
        EraseKeepsMessages, "messages_about_an_erased_lead_do_not_leave", 29, "message about a lead that was erased"
    ),
    planted(EraseTakesEvents, "what_happened_to_a_lead_stays_when_it_is_erased", 20, "events of an erased lead"),
    planted(EraseTakesDecisions, "what_happened_to_a_lead_stays_when_it_is_erased", 20, "decisions of an erased lead"),
    planted(
        HistoryUnordered, "decisions_are_told_in_the_order_of_commits", 17, "in the order of commits", "another order"
    ),
    planted(EqualEventsAreOne, "equal_events_are_kept_each_time", 20, "what is appended is kept, equal or not"),
    planted(NormalisesText, "a_trouble_comes_back_as_it_was", 2, "must come back equal", ".reason"),
    planted(CutsLongText, "acts_are_told_in_the_order_of_commits", 22, ".reason"),
    planted(CutsMicroseconds, "instants_keep_their_microseconds", 11, ".received_at", "whole microseconds"),
    planted(LosesUnreadableText, "a_lead_whose_raw_text_cannot_be_printed_is_kept", 2, "stays as raw text"),
    planted(FoldsIds, "lead_ids_are_apart", 2, "code point by code point"),
    planted(MindsTheCaseOfMail, "about_finds_a_mail_address_whatever_its_case", 29, "about(Info@Jansen.example)"),
    planted(LowersMailOnly, "about_folds_the_case_of_every_alphabet", 29, "Unicode's case folding"),
    planted(FindsPartsOfMail, "about_finds_whole_addresses_only", 29, "nobody's whole address"),
    planted(RecentIsUnbounded, "recent_is_of_the_last_thirty_days", 2, "thirty days that end at `at`"),
    planted(RecentIsOfEverybody, "recent_is_of_that_dealer_alone", 2, "three to others"),
    planted(WaitingById, "waiting_leads_are_told_the_oldest_first", 2, "by when they were received, then by id"),
    planted(
        ExpiresAMomentEarly, "expired_is_what_was_over_before_the_instant", 29, "over before the instant, not at it"
    ),
    planted(SurveysClosedLeads, "the_survey_counts_open_leads_by_phase_and_holder", 2, "survey.phases: of open leads"),
    planted(SurveysWithoutParked, "the_survey_tells_what_is_parked_and_why", 2, "survey.parked"),
    planted(TellsDataInErrors, "a_conflict_says_nothing_that_a_person_said", 29, "holds what a person said"),
    planted(TellsNoAbsence, "absent_lead_is_told_as_absent", 2, "told no value for what was asked"),
    planted(HasItsOwnTime, "the_snapshot_is_of_the_instant_given", 11, "the snapshot's `at`"),
    planted(common, "stores_have_nothing_in_common", 23, "a store that is not empty"),
    planted(ReadsVersionsLast, "a_snapshot_s_versions_are_no_younger_than_its_values", 24, "younger than its value"),
    planted(
        ReadsVersionsLast, "no_change_is_lost_between_writers_side_by_side", 24, "4 writers added 1", "expected: 32"
    ),
    planted(LooksBeforeItLeaps, "no_change_is_lost_between_writers_side_by_side", 24, "two changes both won"),
]


def says(suite, check):
    """What one test of a suite says when it fails, or None."""
    try:
        getattr(suite(), f"test_{check}")()
    except pytest.fail.Exception as failure:
        return str(failure)
    return None


@pytest.mark.parametrize("fault", STORES)
def test_a_faulty_store_is_rejected_with_what_is_wrong(fault):
    told = says(conformance.outbox(fault.make, shared=True), fault.check)
    assert told is not None, "the fault was not found"
    assert all(word in told for word in fault.words), told
    assert f"law {fault.law}: " in told, told
    assert told.startswith(fault.check.replace("_", " ")), told
    assert "Traceback" not in told


@pytest.mark.parametrize("fault", STORES)
def test_the_same_check_is_green_on_the_model(fault):
    assert says(conformance.outbox(MemoryStore, shared=True), fault.check) is None


TOO_FINE = (
    DueInTheOrderOfALanguage,
    CutsLongText,
    NormalisesText,
    LosesUnreadableText,
    LowersMailOnly,
    TellsDataInErrors,
)
"""Of these the sequences have no words for: their few ids and texts are not of that sort."""
BY_CHANCE = [
    kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, Store) and kind not in (Store, *TOO_FINE)
]


@pytest.mark.parametrize("make", BY_CHANCE)
def test_random_sequences_find_it_too_and_show_the_shortest(make):
    suite = conformance.outbox(make)
    told = says(suite, "any_sequence_of_changes_and_questions_is_answered_as_by_the_model")
    assert told is not None, "the fault was not found"
    steps = told.split("shown by:\n")[1].splitlines()
    assert len(steps) <= 5, told
    assert "law " in told


# Sources of facts


class Source:
    """Tells what is needed, to be spoilt."""

    def __init__(self, facts):
        self._known = facts

    def facts(self, needs):
        told = needs.of(self._known)
        parts = {name: getattr(told, name) for name in PARTS}
        return Facts(**parts | self.spoilt(parts, needs))

    def spoilt(self, parts, needs):
        return {}


class LosesPastHolders(Source):
    def spoilt(self, parts, needs):
        return {"past_holders": ()}


class FoldsLeadIds(Source):
    def spoilt(self, parts, needs):
        found = [one for one in self._known.past_holders if one.lead.casefold() == needs.lead.casefold()]
        return {"past_holders": {one.dealer: evolve(one, lead=needs.lead) for one in found}.values()}


class TellsOneClaim(Source):
    def spoilt(self, parts, needs):
        return {"registrations": parts["registrations"][-1:]}


class LooksByTheFirstKeyOnly(Source):
    def spoilt(self, parts, needs):
        return {"registrations": [*self._known.claims_on(needs.registration_keys[:1])]}


class KnowsNoDomains(Source):
    def spoilt(self, parts, needs):
        keys = {key for key in needs.registration_keys if key.kind != "domain"}
        return {"registrations": [*self._known.claims_on(keys)]}


class ComparesSealedWithPlain(Source):
    def spoilt(self, parts, needs):
        return {"incumbents": [one for one in parts["incumbents"] if set(one.company) & set(needs.company_keys)]}


class ForgetsInstants(Source):
    def spoilt(self, parts, needs):
        return {"counts": [Count(one.dealer, one.open, one.last_30_days) for one in parts["counts"].values()]}


class CutsSources(Source):
    def spoilt(self, parts, needs):
        cut = [evolve(one, since=one.since.replace(microsecond=0)) for one in parts["incumbents"]]
        return {"incumbents": cut}


class RoundsShares(Source):
    def spoilt(self, parts, needs):
        return {"shares": {name: round(float(share), 1) for name, share in parts["shares"].items()}}


class FloatsCredits(Source):
    def spoilt(self, parts, needs):
        return {
            "ledgers": {
                name: {who: int(float(credit)) for who, credit in one.items()} for name, one in parts["ledgers"].items()
            }
        }


class InventsCounts(Source):
    def spoilt(self, parts, needs):
        return {"counts": {name: parts["counts"].get(name, Count(name)) for name in needs.dealers}}


class LosesChoices(Source):
    def spoilt(self, parts, needs):
        return {"choices": ()}


class TellsTheFirstFactsToAll(Source):
    first = None

    def __init__(self, facts):
        type(self).first = type(self).first or facts
        super().__init__(type(self).first)


SOURCES = [
    planted(LosesPastHolders, "past_holders_are_told", 1, "past holders are told: the decision"),
    planted(FoldsLeadIds, "facts_about_other_leads_are_not_taken_for_this_one_s", 1, "leads with alike ids"),
    planted(TellsOneClaim, "of_two_claims_both_are_told", 1, "the decision.holder"),
    planted(
        LooksByTheFirstKeyOnly, "no_registrations_that_are_needed_are_left_out", 1, "`registrations` that the source"
    ),
    planted(KnowsNoDomains, "a_claim_is_found_by_its_domain", 1, "a claim known by its domain"),
    planted(ComparesSealedWithPlain, "an_incumbent_is_found_by_its_number", 1, "known by its number, under seal"),
    planted(ForgetsInstants, "no_counts_are_invented", 1, "tells `counts` that never were"),
    planted(
        CutsSources, "no_incumbents_that_are_needed_are_left_out", 1, "`incumbents` that the source tells", ".since"
    ),
    planted(RoundsShares, "no_shares_are_invented", 1, "tells `shares` that never were"),
    planted(FloatsCredits, "no_ledgers_that_are_needed_are_left_out", 1, "`ledgers` that the source tells"),
    planted(InventsCounts, "no_counts_are_invented", 1, "tells `counts` that never were"),
    planted(LosesChoices, "the_customer_s_choice_is_told", 1, "choice is told: the decision"),
    planted(TellsTheFirstFactsToAll, "two_sources_have_nothing_in_common", 1, "beside one that has some"),
]


@pytest.mark.parametrize("fault", SOURCES)
def test_a_faulty_source_is_rejected_with_what_is_wrong(fault):
    told = says(conformance.facts_source(fault.make), fault.check)
    assert told is not None, "the fault was not found"
    assert all(word in told for word in fault.words), told
    assert f"law {fault.law}: " in told, told


@pytest.mark.parametrize("fault", SOURCES)
def test_the_same_check_is_green_on_a_sound_source(fault):
    assert says(conformance.facts_source(Source), fault.check) is None


def test_an_error_of_the_store_is_told_with_the_call_that_raised_it():
    class Fails(Store):
        def survey(self, at):
            raise ZeroDivisionError("a fault of its own")

    with pytest.raises(ZeroDivisionError) as error:
        says(conformance.outbox(Fails), "the_survey_of_an_empty_store_is_zero")
    assert "the store raised this in `survey(2027-03-01 09:30:15.123457+00:00)`" in error.value.__notes__
