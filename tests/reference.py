"""A second `route`, written from the design and not from the code: small, slow, plain.

It knows the nouns and the instruments (what a postcode covers, how far it is, which keys a company
has), which have tests of their own, and nothing of how the core does it: conditions are asked as they
were written, claims are compared key by key, rotation counts in fractions, hashing takes logarithms
to fifty digits. It answers with (holder, by, because, flags).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from hashlib import blake2b
from zoneinfo import ZoneInfo

from dealerrouting import Custom, geo, identity, postcode, taxonomy
from dealerrouting.rules.conditions import AllOf, AnyOf, Not, Test

GIVING = {"rules", "territories", "nearest"}
ONE = 1_000_000
COLUMNS = [
    "id",
    "received_at",
    "country",
    "postcode",
    "city",
    "lat",
    "lon",
    "sector",
    "product",
    "language",
    "source",
    "campaign",
    "value",
    "currency",
    "employees",
    "contact_name",
    "email",
    "phone",
    "message",
]


# ------------------------------------------------------------------------------ what the lead says


def says(lead, plan, at):
    """Every field the lead says, and the set of those that could not be read."""
    bad = {f"unreadable:{name}" for name in lead.unreadable}
    here = at.astimezone(ZoneInfo(plan.timezone))
    told = {name: getattr(lead, name) for name in COLUMNS}
    told |= {"company": lead.company.name, "company_number": lead.company.number}
    told |= {"vat": lead.company.vat, "lei": lead.company.lei, "domain": lead.company.domain}
    told |= {"month": here.month, "weekday": here.isoweekday(), "date": here.date()}
    if lead.lat is not None:
        told |= {"location": (lead.lat, lead.lon), "lat": Decimal(str(lead.lat)), "lon": Decimal(str(lead.lon))}
    told["postcode"] = lead.postcode and postcode.parse(lead.country, lead.postcode)
    if lead.sector is not None:
        told["sector"] = _sector(lead.sector, plan.taxonomy)
        if told["sector"] is None:
            bad.add("unreadable:sector")
    if plan.currency and lead.currency and lead.currency != plan.currency:
        if lead.value is not None:
            bad.add("unreadable:value")
        told["value"] = None
    for name, kind in plan.attributes.items():
        raw = lead.attributes.get(name)
        told[name] = None if raw is None else _own(raw, kind)
        if raw is not None and told[name] is None:
            bad.add(f"unreadable:x_{name}")
    return {name: fact for name, fact in told.items() if fact is not None}, bad


def _sector(text, tree):
    named, colon, code = text.rpartition(":")
    if not colon or named.strip() == tree.id:
        return tree.read(code.strip())
    other = taxonomy.taxonomy(named.strip())
    read = other and other.read(code.strip())
    return taxonomy.translate(read, other, tree) if read else None


def _own(raw, kind):
    if kind == "list":
        parts = raw if isinstance(raw, tuple) else str(raw).split(";")
        return tuple(sorted({part.strip() for part in parts} - {""}))
    if isinstance(raw, tuple):
        return None
    if kind == "str":
        return str(raw)
    if kind == "bool":
        return {"true": True, "false": False}.get(str(raw).lower())
    if kind == "date":
        try:
            return date.fromisoformat(str(raw))
        except ValueError:
            return None
    try:
        number = None if isinstance(raw, bool) else Decimal(raw)
    except InvalidOperation:
        return None
    if number is None or not number.is_finite() or abs(number) >= 10**15 or number.as_tuple().exponent < -30:
        return None
    return None if kind == "int" and number % 1 else number


# ------------------------------------------------------------------------------ three-valued answers


def ask(condition, told, plan, country=None, closed=False):
    """True, False or None, and whether a custom that was asked has failed; none is asked where all else decides."""
    if isinstance(condition, Test):
        return compare(condition, told, plan, country), False
    if isinstance(condition, Custom):
        return (None, False) if closed else _own_answer(condition, told)
    if not closed:
        known, _ = ask(condition, told, plan, country, closed=True)
        if known is not None:
            return known, False
    if isinstance(condition, Not):
        answer, failed = ask(condition.part, told, plan, country, closed)
        return {True: False, False: True, None: None}[answer], failed
    beside = [p.value for p in condition.parts if isinstance(p, Test) and (p.field, p.op) == ("country", "eq")]
    if isinstance(condition, AllOf) and beside:
        country = beside[0]
    found = [ask(part, told, plan, country, closed) for part in condition.parts]
    answers, failed = [answer for answer, _ in found], any(failed for _, failed in found)
    decisive = isinstance(condition, AnyOf)
    return (decisive if decisive in answers else None if None in answers else not decisive), failed


def _own_answer(custom, told):
    try:
        answer = custom.fn({name: told.get(name) for name in custom.reads})
    except Exception:
        return None, True
    return (answer, False) if answer is None or isinstance(answer, bool) else (None, True)


def compare(test, told, plan, country):
    """One field against one constant, as written."""
    fact = told.get(test.field)
    if test.op == "exists":
        return fact is not None
    if fact is None:
        return None
    if test.field == "postcode":
        return _compare_postcode(test, fact, country)
    if test.field == "sector":
        return _compare_sector(test, fact, plan.taxonomy)
    if test.op == "within_km":
        lat, lon, km = test.value
        return geo.distance_m((lat, lon), fact) <= km * 1000
    if test.field == "location":
        return any(geo.geohash(fact, len(cell)) == cell for cell in test.value)
    constant = [
        _constant(test.field, fact, one) for one in (test.value if isinstance(test.value, tuple) else (test.value,))
    ]
    return {
        "eq": lambda: fact == constant[0],
        "ne": lambda: fact != constant[0],
        "in": lambda: fact in constant,
        "gte": lambda: fact >= constant[0],
        "lte": lambda: fact <= constant[0],
        "between": lambda: constant[0] <= fact <= constant[1],
        "startswith": lambda: fact.startswith(constant[0]),
        "has": lambda: constant[0] in fact,
    }[test.op]()


def _constant(name, fact, value):
    if name == "weekday" and isinstance(value, str):
        return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(value) + 1
    if isinstance(fact, date) and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _compare_postcode(test, fact, country):
    if test.op in ("eq", "ne"):
        return (fact == postcode.parse(country, test.value)) == (test.op == "eq")
    made = {
        "between": lambda: postcode.between(country, *test.value),
        "startswith": lambda: postcode.prefix(country, test.value),
        "under": lambda: postcode.parse_set(country, test.value),
    }[test.op]()
    return made.covers(fact)


def _compare_sector(test, fact, tree):
    codes = [tree.read(code) for code in (test.value if isinstance(test.value, tuple) else (test.value,))]
    if test.op != "under":
        return fact in codes
    answers = {tree.under(fact, code) for code in codes}
    return True if True in answers else None if None in answers else False


# ------------------------------------------------------------------------------ regions


def inside(land, told, plan):
    """Whether the lead is in the territory: columns are *and*, postcodes and geohashes are *or*."""
    place = []
    if land.postcodes:
        code = told.get("postcode")
        place.append(None if code is None else land.postcodes.covers(code))
    if land.geohashes:
        point = told.get("location")
        place.append(None if point is None else any(geo.geohash(point, len(cell)) == cell for cell in land.geohashes))
    answers = [True if True in place else None if None in place else False] if place else []
    for name, wanted in (("country", land.country), ("product", land.products), ("language", land.languages)):
        if wanted:
            answers.append(None if name not in told else told[name] in wanted)
    if land.sectors:
        answers.append(
            None
            if "sector" not in told
            else _compare_sector(Test("sector", "under", land.sectors), told["sector"], plan.taxonomy)
        )
    return all(answer is True for answer in answers)


def covers(wide, narrow, plan):
    """Whether one territory's region contains another's, attribute by attribute; silence is no limit."""
    for name in ("country", "products", "languages"):
        mine, theirs = getattr(wide, name), getattr(narrow, name)
        if mine and not (theirs and set(theirs) <= set(mine)):
            return False
    tree = plan.taxonomy
    mine, theirs = ([tree.read(code) for code in land.sectors] for land in (wide, narrow))
    if mine and not (theirs and all(any(tree.under(low, top) is True for top in mine) for low in theirs)):
        return False
    if not wide.postcodes and not wide.geohashes:
        return True
    if not narrow.postcodes and not narrow.geohashes:
        return False
    if narrow.postcodes and not (wide.postcodes and wide.postcodes.contains(narrow.postcodes)):
        return False
    return all(any(cell.startswith(top) for top in wide.geohashes) for cell in narrow.geohashes)


# ------------------------------------------------------------------------------ the rungs


DOUBT = 9


def same_company(mine, theirs):
    """The place of the first kind that says they are the same: 0 number, 1 LEI, 2 VAT, 3 domain, 5 name.

    None for no match, `DOUBT` where a VAT number or a legal form contradicts what else agrees.
    """
    both = {key.kind for key in mine & theirs} - {"form"}
    for place, kind in enumerate(("number", "lei", "vat", "domain", "form", "name")):
        for scope in {key.scope for key in mine | theirs if key.kind == kind}:
            ours, others = ({k for k in side if (k.kind, k.scope) == (kind, scope)} for side in (mine, theirs))
            if kind not in ("domain", "name") and ours and others and not ours & others:
                return DOUBT if kind in ("vat", "form") and both else None
        if kind in both:
            return place
    return None


def keys_of(lead, plan):
    """The keys by which the company that asks is found, and apart the domains that many share."""
    claims, known = plan.terms.claims, lead.keys()
    shared = {key for key in known if key.kind == "domain" and key.value in claims.shared_domains}
    mail = {key for key in known if key.kind == "domain" and key.value in claims.mailbox_domains}
    return set(known) - shared - mail, shared


def in_force(claim, told, at):
    """Whether a claim stands, and is on what the lead asks for."""
    stands = claim.status == "approved" and (claim.decided_at or claim.submitted_at) <= at
    stands = stands and (claim.expires_at is None or at < claim.expires_at)
    return stands and not (claim.products and told.get("product") not in claim.products)


def standing(lead, plan, facts, told, at):
    """The customer's choice, then the claims that match and stand, the first first."""
    keys, _ = keys_of(lead, plan)
    found = []
    for claim in facts.registrations:
        strength = same_company(keys, claim.keys)
        if strength not in (None, DOUBT) and in_force(claim, told, at):
            found.append(((strength, 0 if claim.products else 1, claim.submitted_at, claim.id), claim))
    chosen = [one for one in facts.choices.values() if one.lead == lead.id and one.chosen_at <= at]
    return chosen + [claim for _, claim in sorted(found, key=lambda pair: pair[0])]


def doubtful(lead, plan, facts, told, at):
    """The claims that only a person can say are on this company."""
    keys, shared = keys_of(lead, plan)
    for claim in facts.registrations:
        plain, with_shared = same_company(keys, claim.keys), same_company(keys | shared, claim.keys)
        hint = plain is None and shared & claim.keys and with_shared is not None
        if (plain == DOUBT or hint) and in_force(claim, told, at):
            yield claim


def valid(thing, at):
    """Half-open: from the first instant, up to but not at the last."""
    return not (thing.valid_from and at < thing.valid_from) and not (thing.valid_until and at >= thing.valid_until)


def offered(rung, world):
    """What one rung offers: dictionaries with a source, a dealer, and what a pick may compare."""
    _, plan, facts, at, told, keys = world
    if rung.kind == "registrations":
        for order, claim in enumerate(standing(world[0], plan, facts, told, at)):
            yield {"source": claim.id, "dealer": claim.dealer, "rank": order}
    elif rung.kind == "accounts":
        for account in plan.accounts:
            if valid(account, at) and same_company(keys, account.keys) not in (None, DOUBT):
                yield {"source": account.id, "dealer": account.holder}
    elif rung.kind == "incumbent":
        yield from _incumbents(rung, world)
    elif rung.kind == "nearest":
        yield from _near(rung, world)
    else:
        for order, source in enumerate(plan.territories if rung.kind == "territories" else rung.rules):
            true = ask(source.when, told, plan)[0] if rung.kind == "rules" else inside(source, told, plan)
            for name, weight in source.dealers.items() if true and valid(source, at) else ():
                yield {"source": source.id, "dealer": name, "weight": weight, "order": order, "of": source}


def _near(rung, world):
    lead, plan = world[:2]
    for dealer in plan.dealers:
        if dealer.kind == "dealer" and dealer.point and lead.point:
            away = geo.distance_m(lead.point, dealer.point)
            if rung.within_metres is None or away <= rung.within_metres:
                yield {"source": dealer.id, "dealer": dealer.id}


def _incumbents(rung, world):
    _, plan, facts, at, _, keys = world
    houses = {dealer.id for dealer in plan.dealers if dealer.kind == "house"}
    mine = {identity.sealed(key) for key in keys}
    found = []
    for record in facts.incumbents:
        strength = same_company(mine, set(record.company))
        age = at - record.since
        recent = record.status == "open" or (rung.won_within and age < rung.won_within.delta)
        if strength not in (None, DOUBT) and recent and age >= timedelta(0) and record.dealer not in houses:
            found.append((strength, age, record.dealer))
    for order, (_, _, name) in enumerate(sorted(found)):
        yield {"source": name, "dealer": name, "rank": order}


def cannot(name, rung, world):
    """Whether this dealer cannot have the lead from this rung."""
    lead, plan, facts, at, told, _ = world
    dealer = next((one for one in plan.dealers if one.id == name), None)
    if dealer is None:
        return True
    asleep = any(start <= at < end for start, end in dealer.paused)
    began = dealer.active_from is None or dealer.active_from <= at
    ended = dealer.active_until is not None and dealer.active_until <= at
    had = {record.dealer: record.why for record in facts.past_holders if record.lead == lead.id}
    if asleep or not began or ended or name in had:
        return True
    if rung.kind not in GIVING:
        return False
    counted = next((count for key, count in facts.counts.items() if key == name), None)
    opened = counted.open if counted else 0
    month = counted.last_30_days - sum(at - t >= timedelta(30) for t in counted.assigned_at) if counted else 0
    return (
        (dealer.kind == "dealer" and exhausted(world))
        or (dealer.max_open is not None and opened >= dealer.max_open)
        or (dealer.max_per_30_days is not None and month >= dealer.max_per_30_days)
        or facts.shares.get(name) == 0
        or bool(dealer.serves_languages and "language" in told and told["language"] not in dealer.serves_languages)
        or bool(dealer.serves_products and "product" in told and told["product"] not in dealer.serves_products)
    )


def exhausted(world):
    """More dealers have had the lead than may be changed from."""
    lead, plan, facts = world[:3]
    had = [record for record in facts.past_holders if record.lead == lead.id and record.why != "excluded"]
    return len(had) > plan.terms.max_reassignments


# ------------------------------------------------------------------------------ picks


def narrow(policy, pool, rung, world):
    """What one policy leaves of the pool, and whether a pick of the caller's own failed."""
    lead, plan, facts = world[:3]
    names = sorted({one["dealer"] for one in pool})
    if not isinstance(policy, str):
        try:
            kept = set(policy.fn(lead, tuple(names))) & set(names)
        except Exception:
            kept = set()
        return [one for one in pool if one["dealer"] in (kept or names)], not kept
    if policy == "specific":
        return [one for one in pool if not any(_strictly(one, other, plan) for other in pool)], False
    if policy == "unique":
        return pool, False
    if policy in ("hashed", "rotation"):
        weight = {name: _weight(name, pool, facts if rung.kind in GIVING else None) for name in names}
        chosen = _hashed(lead, weight) if policy == "hashed" else _turn(weight, _credits(pool, rung, facts))
        return [one for one in pool if one["dealer"] == chosen], False
    key = {
        "ranked": lambda one: one["rank"],
        "first": lambda one: one["order"],
        "priority": lambda one: -one["of"].priority if "of" in one else 0,
        "nearest": lambda one: _away(one["dealer"], world),
        "least_loaded": lambda one: facts.counts[one["dealer"]].open if one["dealer"] in facts.counts else 0,
    }[policy]
    best = min(map(key, pool))
    return [one for one in pool if key(one) == best], False


def _strictly(wide, small, plan):
    if wide["of"] is small["of"]:
        return False
    if hasattr(wide["of"], "when"):  # for rules the core's own comparison, which has proofs of its own
        from dealerrouting.rules.binding import Binder, implies
        from dealerrouting.rules.fields import ATTRIBUTE_TYPES, FIELDS

        binder = Binder(plan.taxonomy, {**FIELDS, **{n: ATTRIBUTE_TYPES[t] for n, t in plan.attributes.items()}}, print)
        a, b = (binder.bind(one["of"].when, "", ()) for one in (wide, small))
        return implies(b, a) and not implies(a, b)
    return covers(wide["of"], small["of"], plan) and not covers(small["of"], wide["of"], plan)


def _weight(name, pool, facts):
    """The largest weight times the share, which counts only in what is given."""
    largest = max(Fraction(one.get("weight", 1)) for one in pool if one["dealer"] == name)
    return largest * Fraction(facts.shares.get(name, 1)) if facts else largest


def _away(name, world):
    lead, plan = world[:2]
    there = next(dealer.point for dealer in plan.dealers if dealer.id == name)
    return float("inf") if lead.point is None or there is None else geo.distance_m(lead.point, there)


def _hashed(lead, weight):
    wide = Context(prec=50)

    def price(name):
        drawn = blake2b(f"{len(lead.id)}:{lead.id}:{name}".encode(), digest_size=8).digest()
        uniform = wide.divide(Decimal(int.from_bytes(drawn, "big") | 1), Decimal(2) ** 64)
        return -wide.ln(uniform) * weight[name].denominator / weight[name].numerator

    return min(sorted(weight), key=price)


def _credits(pool, rung, facts):
    ledgers = {one["of"].ledger if "of" in one and one["of"].ledger else rung.name for one in pool}
    return facts.ledgers.get(ledgers.pop() if len(ledgers) == 1 else rung.name, {})


def _turn(weight, before):
    total = sum(weight.values())
    parts = {name: divmod(share * ONE / total, 1) for name, share in weight.items()}
    short = ONE - sum(whole for whole, _ in parts.values())
    luckiest = sorted(parts, key=lambda name: (-parts[name][1], name))[: int(short)]
    due = {name: int(whole) + (name in luckiest) for name, (whole, _) in parts.items()}
    owed = {name: before.get(name, 0) + due[name] for name in sorted(due)}
    largest = max(owed, key=lambda name: owed[name])
    waiting = [name for name in owed if owed[name] > 0 and due[name]]
    if owed[largest] >= ONE or not waiting:
        return largest
    return min(waiting, key=lambda name: (Fraction(ONE - owed[name], due[name]), -owed[name], name))


# ------------------------------------------------------------------------------ the whole


def route(lead, plan, facts, at):
    """Who holds the lead, by which rung, because of which ids, with which flags."""
    told, flags = says(lead, plan, at)
    world = (lead, plan, facts, at, told, keys_of(lead, plan)[0])
    house = {dealer.id for dealer in plan.dealers if dealer.kind == "house"}
    registers = plan.precedence[0].kind == "registrations"
    claims = standing(lead, plan, facts, told, at) if registers else []
    absent = bool(claims) and cannot(claims[0].dealer, plan.precedence[0], world)
    barred, given, result = False, False, None
    for rung in plan.precedence:
        everybody = list(offered(rung, world))
        if rung.kind in ("rules", "territories"):
            flags |= {"opaque_error"} & _failed(rung, world)
        pool = [one for one in everybody if not cannot(one["dealer"], rung, world)]
        barred |= bool(everybody)
        given |= bool(everybody) and rung.kind in GIVING
        if pool:
            result = _settle(rung, everybody, pool, world, flags)
            break
    if result is None:
        why = (
            "nobody_serves" if not barred else "hops_exhausted" if given and exhausted(world) else "no_dealer_available"
        )
        flags.add(why)
        result = plan.house, "house", ()
    elif result[0] in house and "conflict" not in flags:
        flags.add("by_plan")
    if absent:
        flags |= {"claimant_unavailable"} | ({"review"} if result[0] in house else set())
    if registers and result[1] != "registrations":
        others = [claim for claim in doubtful(lead, plan, facts, told, at) if claim.dealer != result[0]]
        flags |= {"review_match"} if others else set()
    return (*result, tuple(sorted(flags)))


def _failed(rung, world):
    """`opaque_error` where a failing custom left a rule that is in force unknown."""
    for rule in rung.rules:
        answer, failed = ask(rule.when, world[4], world[1])
        if valid(rule, world[3]) and answer is None and failed:
            return {"opaque_error"}
    return set()


def _settle(rung, everybody, pool, world, flags):
    plan = world[1]
    if any("of" in one and getattr(one["of"], "exclusive", False) for one in everybody):
        sources = {one["source"] for one in everybody}
        if len(sources) > 1:
            flags.add("conflict")
            return plan.house, rung.name, tuple(sorted(sources))
    for policy in rung.pick:
        pool, failed = narrow(policy, pool, rung, world)
        if failed:
            flags.add("opaque_error")
    left = {one["dealer"] for one in pool}
    if len(left) > 1:
        flags.add("conflict")
    because = tuple(sorted({one["source"] for one in pool}))
    return (plan.house if len(left) > 1 else left.pop()), rung.name, because
