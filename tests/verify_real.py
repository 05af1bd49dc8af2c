"""Plans over real regions: one territory for each, holding the postcodes that public data put there.

The Netherlands, Germany and France by NUTS 3 region, from the correspondence of Eurostat; Belgium by province (NUTS 2),
Luxembourg whole and by canton, Germany by Land (NUTS 1) and the United Kingdom by nation (NUTS 1, England whole) from
the areas that GeoNames writes beside each code. Codes in use and names of places are those of GeoNames.

What must be found is told from the rows alone (`in_two`, `unassigned`); what is found comes from `verify`.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_right
from collections import defaultdict
from functools import cache
from pathlib import Path

from dealerrouting import Dealer, Plan, Territory, by, postcode, verify, where

DATA = Path(__file__).parents[2] / "shared" / "data"
MISSING = "the postcodes and NUTS regions in ../shared/data are not there"

# A plan's name: its country, the column of GeoNames that says the region or None for the NUTS table, and the level.
PLANS = {
    "NL": ("NL", None),
    "BE": ("BE", "province"),
    "LU": ("LU", "country_code"),
    "DE": ("DE", None),
    "FR": ("FR", None),
    "GB": ("GB", "state"),
    "LU cantons": ("LU", "state"),
    "DE Länder": ("DE", "state"),
}
NUTS_OF = {
    "BE": {
        "Bruxelles (19 communes)": "BE10", "Anvers": "BE21", "Limbourg": "BE22", "Flandre-Orientale": "BE23",
        "Brabant Flamand": "BE24", "Flandre-Occidentale": "BE25", "Brabant Wallon": "BE31", "Hainaut": "BE32",
        "Liège": "BE33", "Luxembourg": "BE34", "Namur": "BE35",
    },
    "LU": {"LU": "LU000"},
    "GB": {"England": "UK-England", "Wales": "UKL", "Scotland": "UKM", "Northern Ireland": "UKN"},
    "DE Länder": {
        "Baden-Württemberg": "DE1", "Bayern": "DE2", "Bavaria": "DE2", "Berlin": "DE3", "Land Berlin": "DE3",
        "Brandenburg": "DE4", "Bremen": "DE5", "Hamburg": "DE6", "Hessen": "DE7", "Mecklenburg-Vorpommern": "DE8",
        "Mecklenburg-Western Pomerania": "DE8", "Niedersachsen": "DE9", "Lower Saxony": "DE9",
        "Nordrhein-Westfalen": "DEA", "Rheinland-Pfalz": "DEB", "Saarland": "DEC", "Sachsen": "DED", "Saxony": "DED",
        "Sachsen-Anhalt": "DEE", "Saxony-Anhalt": "DEE", "Schleswig-Holstein": "DEF", "Thüringen": "DEG",
        "Thuringia": "DEG",
    },
}  # fmt: skip


def there():
    """Whether the data are."""
    return (DATA / "postcodes").is_dir() and (DATA / "postcode_nuts").is_dir()


def rows(name):
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def code(country, text):
    """One code in normal form; a CEDEX is the code it is written behind."""
    return postcode.parse(country, text)


# ------------------------------------------------------------------------------------ what the rows say


@cache
def places(country):
    """Every code in use, and the names of its places."""
    found = defaultdict(list)
    for row in rows(f"postcodes/{country.lower()}"):
        found[code(country, row["zipcode"]).text].append(row["place"])
    return {text: tuple(dict.fromkeys(names)) for text, names in found.items()}


@cache
def regions(name):
    """The codes that the data put in each region; one code may lie in several."""
    country, column = PLANS[name]
    found = defaultdict(set)
    if column is None:
        for row in rows(f"postcode_nuts/{country.lower()}_nuts2024"):
            found[row["nuts3_2024"]].add(code(country, row["postcode"]).text)
        return dict(found)
    known = NUTS_OF.get(name, {})
    for row in rows(f"postcodes/{country.lower()}"):
        if row[column]:
            found[known.get(row[column], row[column])].add(code(country, row["zipcode"]).text)
    return dict(found)


@cache
def in_two(name):
    """The codes that lie in more than one region, with those regions."""
    found = defaultdict(set)
    for region, codes in regions(name).items():
        for text in codes:
            found[text].add(region)
    return {text: tuple(sorted(where_)) for text, where_ in found.items() if len(where_) > 1}


@cache
def unassigned(name):
    """The codes in use that lie in no region."""
    return set(places(PLANS[name][0])) - set().union(*regions(name).values())


# -------------------------------------------------------------------------------------------- the plan


def cell(country, codes):
    """The codes as a cell of a territory: runs of neighbours as ranges."""
    runs = []
    for one in sorted((code(country, text) for text in codes), key=lambda c: c.lo):
        if runs and one.lo == runs[-1][1].hi + 1:
            runs[-1] = (runs[-1][0], one)
        else:
            runs.append((one, one))
    return [first.text if first == last else f"{first.text}..{last.text}" for first, last in runs]


@cache
def plan(name):
    """One territory for each region, with a fictitious dealer of its own."""
    return plan_of(name, regions(name))


def plan_of(name, found):
    """The same for regions that are given: their codes by id."""
    country, _ = PLANS[name]
    dealers = {region: f"dealer-{region.lower().replace(' ', '-')}" for region in found}
    lands = [
        Territory(region, [dealers[region]], country=country, postcodes=cell(country, codes))
        for region, codes in found.items()
    ]
    return Plan(
        f"regions of {name}",
        house="house",
        dealers=[Dealer("house", kind="house"), *map(Dealer, dealers.values())],
        territories=lands,
        precedence=[by.territories(pick=["specific", "unique"])],
    )


# --------------------------------------------------------------------------------------- what is found


def inside(country, bands, texts):
    """Those of the codes that lie in the bands, and how many of the bands' numbers are in none of them.

    A band of kind `coarse` is one code that says no more, such as `BN`; the finer ones below it are not in it.
    """
    here = [band for band in bands if band.country == country]
    spans = sorted((band.lo, band.hi) for band in here if band.kind == "codes")
    whole = {(band.lo, band.hi) for band in here if band.kind == "coarse"}
    starts = [lo for lo, _ in spans]
    found, taken = set(), 0
    for text in texts:
        one = code(country, text)
        at = bisect_right(starts, one.lo) - 1
        if at >= 0 and one.lo <= spans[at][1]:
            found.add(text)
            taken += one.hi - one.lo + 1
        elif (one.lo, one.hi) in whole:
            found.add(text)
    return found, sum(hi - lo + 1 for lo, hi in spans) - taken


def only_places(finding, name):
    """The regions of a finding of that name, where nothing but the place matters."""
    assert (finding.name, finding.exact) == (name, True)
    assert not [region for region in finding.regions if region.sides or region.but_for]
    return finding.regions


def gaps(name, *, among=None, asked=None):
    """The codes in use that `verify.gaps` finds uncovered; `asked` is another plan of the same country."""
    country, _ = PLANS[name]
    among = (where.country == country) & where.postcode.exists() if among is None else among
    found = set()
    for finding in verify.gaps(asked or plan(name), among=among):
        for region in only_places(finding, "unserved-region"):
            found |= inside(country, region.bands, places(country))[0]
    return found


def overlaps(name, *, asked=None):
    """Every code that `verify.overlaps` finds, with the territories that quarrel over it; nothing else is in them."""
    country, _ = PLANS[name]
    known = set(places(country)).union(*regions(name).values())
    found = defaultdict(set)
    for finding in verify.overlaps(asked or plan(name)):
        for region in only_places(finding, "overlapping-territory"):
            codes, beside = inside(country, region.bands, known)
            assert beside == 0, "a place that is no code of two regions"
            for text in codes:
                found[text] |= set(finding.at)
    return {text: tuple(sorted(both)) for text, both in found.items()}


def report(country, texts, most=10):
    """Codes with the names of their places, for people: one a line, the first so many."""
    named = places(country)
    lines = [f"{country} {text}  {', '.join(named.get(text, ('no place known',))[:3])}" for text in sorted(texts)]
    return [*lines[:most], *([f"... and {len(lines) - most:,} more"] if len(lines) > most else [])]
