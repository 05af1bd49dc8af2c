"""Plans that a manufacturer might have, of any size, with faults planted in them and a list of those faults.

`network(1_000)` is a network of 1,000 territories and rules over postcode, sector, product, language, size and
validity. Nine countries are tiled by plain territories, so that nearly everybody is served; inside the tiles lie
niches (a sector, a product, a language), over them regional and national ones, and above them rules by size. Some
end and have a successor. There is about one dealer for four territories, and some serve certain languages only.

The same size gives the same network on every machine. What is planted is named in `Network.planted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from random import Random

from dealerrouting import Dealer, Plan, Rule, Territory, by, where
from dealerrouting.rules.conditions import Condition
from dealerrouting.taxonomy import taxonomy

__all__ = [
    "COUNTRIES",
    "MONTHS",
    "NACE",
    "PRODUCTS",
    "SPOKEN",
    "Network",
    "Planted",
    "Row",
    "edited",
    "network",
    "recut",
]

# First and last postcode, how many digits, and how much of the network lies there.
COUNTRIES = {
    "NL": (1_000, 9_999, 4, 16),
    "BE": (0, 9_999, 4, 10),
    "LU": (1_000, 9_999, 4, 1),
    "AT": (1_000, 9_999, 4, 6),
    "CH": (1_000, 9_999, 4, 6),
    "DE": (0, 99_999, 5, 25),
    "FR": (0, 99_999, 5, 18),
    "IT": (0, 99_999, 5, 10),
    "ES": (0, 99_999, 5, 8),
}
SPOKEN = {
    "NL": ("nl", "en"), "BE": ("nl", "fr", "de"), "LU": ("fr", "de"), "AT": ("de",), "CH": ("de", "fr", "it"),
    "DE": ("de", "tr"), "FR": ("fr",), "IT": ("it", "de"), "ES": ("es", "ca"),
}  # fmt: skip
PRODUCTS = tuple(
    f"{line}-{size}" for line in ("press", "saw", "lathe", "laser", "bender") for size in range(100, 900, 100)
)
SIZES = ((1, 9), (10, 49), (50, 249), (250, 999), (1_000, 1_000_000))
MONTHS = tuple(datetime(2027, month, 1, tzinfo=UTC) for month in range(2, 13))
FEW = ("NL", "BE", "DE")  # where a small network is
NACE = taxonomy("nace-2.1")
# Leads for machines come from industry and building first, from all the rest now and then.
DIVISIONS = tuple(code for section in "CCCFG" for code in NACE.children(section)) + tuple(
    code for code in NACE.codes() if len(code) == 2
)


@dataclass(frozen=True)
class Row:
    """One territory, or one rule where `size` is named: what the plan is made from, so that it can be edited."""

    id: str
    dealers: tuple[str, ...]
    country: str
    span: tuple[int, int] | None = None
    sectors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    rule: bool = False
    priority: int = 0
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def postcodes(self) -> str | None:
        """The span as a cell."""
        if self.span is None:
            return None
        digits = COUNTRIES[self.country][2]
        return "..".join(f"{code:0{digits}}" for code in self.span)

    def made(self) -> Territory | Rule:
        """The noun."""
        dates = {"priority": self.priority, "valid_from": self.valid_from, "valid_until": self.valid_until}
        if self.rule:
            return Rule(self.id, self._condition(), self.dealers, **dates)
        columns = {"sectors": self.sectors, "products": self.products, "languages": self.languages}
        return Territory(self.id, self.dealers, country=self.country, postcodes=self.postcodes(), **columns, **dates)

    def _condition(self) -> Condition:
        found = where.country == self.country
        if self.span is not None:
            found &= where.postcode.under([self.postcodes()])
        for field_name, values in (("product", self.products), ("language", self.languages)):
            if values:
                found &= where[field_name].in_(values)
        if self.sectors:
            found &= where.sector.under(self.sectors)
        for first, last in self.sizes:
            found &= where.employees.between(first, last)
        return found


@dataclass(frozen=True)
class Planted:
    """What is wrong on purpose: `hole` is the one tile that leaves out a section; the rest are ids."""

    hole: str
    section: str
    never: tuple[str, ...]  # no lead can be true of it
    shadowed: tuple[str, ...]  # what lies inside it takes every lead
    overlaps: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Network:
    """The rows, the dealers and what was planted."""

    rows: tuple[Row, ...]
    dealers: tuple[Dealer, ...]
    planted: Planted
    made: dict[str, Territory | Rule] = field(default_factory=dict, compare=False)

    def plan(self) -> Plan:
        """The plan; rows that another plan of this network has too are not read again."""
        nouns = [self.made.get(row.id) or self.made.setdefault(row.id, row.made()) for row in self.rows]
        rules = [noun for noun in nouns if isinstance(noun, Rule)]
        rungs = [by.registrations(), by.accounts()]
        if rules:
            rungs.append(by.rules(*rules, pick=["specific", "priority", "rotation"]))
        return Plan(
            "plausible",
            house="house",
            dealers=self.dealers,
            territories=[noun for noun in nouns if isinstance(noun, Territory)],
            precedence=[*rungs, by.territories(pick=["specific", "priority", "rotation"])],
        )


class _Maker:
    """Draws one network; every method gives rows."""

    def __init__(self, size: int) -> None:
        self.random = Random(size)
        self.size = size
        self.faults = max(1, size // 2_500)  # of each kind
        self.numbers = count()
        self.tiles = self._tiles(size * (35 if size >= 400 else 50) // 100, FEW if size < 400 else tuple(COUNTRIES))
        self.quiet = self._apart()
        self.dealers = self._dealers(max(6, size // 4))
        self.cities = [n for n in range(len(self.tiles)) if n not in self.reserved and self.random.random() < 0.1]
        self.open = [n for n in range(len(self.tiles)) if n not in self.reserved]

    def _tiles(self, wanted: int, countries: tuple[str, ...]) -> list[tuple[str, int, int]]:
        total = sum(COUNTRIES[country][3] for country in countries)
        tiles = []
        for country in countries:
            first, last, _, share = COUNTRIES[country]
            pieces = max(1, wanted * share // total)
            cuts = sorted(self.random.sample(range(first + 1, last + 1), pieces - 1))
            tiles += [(country, lo, hi - 1) for lo, hi in zip([first, *cuts], [*cuts, last + 1], strict=True)]
        return tiles

    def _apart(self) -> Iterator[int]:
        """Tiles for the faults, each with the next of the same country, where nothing else mends or hides them."""
        self.reserved: set[int] = set()
        chosen: list[int] = []
        for n in self.random.sample(range(len(self.tiles) - 1), len(self.tiles) - 1):
            mine, other = self.tiles[n], self.tiles[n + 1]
            wide = mine[2] > mine[1] and other[2] > other[1]
            if wide and mine[0] == other[0] and not self.reserved & {n, n + 1}:
                self.reserved |= {n, n + 1}
                chosen.append(n)
            if len(chosen) == 1 + 5 * self.faults:
                break
        return iter(chosen)

    def _dealers(self, wanted: int) -> list[Dealer]:
        """In the order of the tiles; every fifth serves some languages only, every seventeenth some products."""
        self.by_tile = [tile * wanted // len(self.tiles) for tile in range(len(self.tiles))]
        tile_of = {}
        for tile, dealer in enumerate(self.by_tile):
            tile_of.setdefault(dealer, tile)
        found = []
        for n in range(wanted):
            spoken = (*SPOKEN[self.tiles[tile_of.get(n, 0)][0]], "en") if n % 5 == 4 else None
            served = self.random.sample(PRODUCTS, 20) if n % 17 == 16 else None
            found.append(Dealer(f"d{n}", serves_languages=spoken, serves_products=served))
        return found

    def _near(
        self, tile: int, *, products: tuple[str, ...] = (), languages: tuple[str, ...] = (), other: str = ""
    ) -> str:
        """A dealer near this tile, but for one, that serves these products and languages; where none is named, all."""
        here = self.by_tile[tile] + self.random.choice((-1, 0, 0, 0, 1))
        for n in range(len(self.dealers)):
            dealer = self.dealers[(here + n) % len(self.dealers)]
            if dealer.id != other and _serves(dealer, products, languages):
                return dealer.id
        raise AssertionError("no dealer serves this")

    def _id(self, kind: str) -> str:
        return f"{kind}-{next(self.numbers)}"

    # ------------------------------------------------------------------------------------- what it is made of

    def rows(self) -> tuple[list[Row], Planted]:
        """Exactly `size` rows."""
        rows, planted = self._planted()
        rows += self._base()
        left = self.size - len(rows)
        rows += [self._national(n) for n in range(min(24, left * 5 // 100))]
        rows += [self._regional() for _ in range(left * 5 // 100)]
        rows += [self._by_size() for _ in range(left * 30 // 100)]
        while len(rows) < self.size:
            rows += self._niche()[: self.size - len(rows)]
        return rows, planted

    def _tile(self, n: int, **columns) -> Row:
        country, first, last = self.tiles[n]
        return Row(self._id("base"), (self._near(n),), country, (first, last), **columns)

    def _base(self) -> Iterator[Row]:
        """One row a tile, and two where one ends and another dealer goes on; a second dealer here and there."""
        for n in self.open:
            row = self._tile(n)
            if self.random.random() < 0.3:
                second = self._near(n, languages=SPOKEN[row.country][:1], products=PRODUCTS[:1])
                row = replace(row, dealers=tuple(dict.fromkeys((*row.dealers, second))))
            if self.random.random() < 0.08:
                yield from self._succeeded(row, n)
            else:
                yield row

    def _succeeded(self, row: Row, n: int) -> list[Row]:
        when = self.random.choice(MONTHS)
        heir = (self._near(n, products=row.products, languages=row.languages),)
        after = replace(row, id=f"{row.id}-next", dealers=heir, valid_from=when)
        return [replace(row, valid_until=when), after]

    def _somewhere(self) -> int:
        """One tile of a list: a third of what is special is special to the cities, a tenth of the tiles."""
        return self.random.choice(self.cities if self.cities and self.random.random() < 0.33 else self.open)

    def _sector(self) -> str:
        """A division, a group of it or a class."""
        code = self.random.choice(DIVISIONS)
        for chance in (0.6, 0.4):
            below = NACE.children(code)
            if below and self.random.random() < chance:
                code = self.random.choice(below)
        return NACE.display(code)

    def _sectors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._sector() for _ in range(self.random.choice((1, 1, 1, 2, 3)))))

    def _products(self) -> tuple[str, ...]:
        return tuple(self.random.sample(PRODUCTS, self.random.choice((1, 1, 2, 4))))

    def _language(self, country: str) -> tuple[str, ...]:
        return (self.random.choice((*SPOKEN[country], "en", "pl")),)

    def _within(self, n: int) -> tuple[int, int]:
        """The tile, or a part of it."""
        _, first, last = self.tiles[n]
        if last - first < 4 or self.random.random() < 0.6:
            return first, last
        low, high = sorted(self.random.sample(range(first, last + 1), 2))
        return low, high

    def _niche(self) -> list[Row]:
        n = self._somewhere()
        wants = self.random.choice(("s", "s", "sp", "p", "sl", "l", "pl", "spl"))
        row = self._special("niche", n, wants, priority=3 if self.random.random() < 0.04 else 2)
        return self._succeeded(row, n) if self.random.random() < 0.06 else [row]

    def _special(self, kind: str, n: int, wants: str, **columns) -> Row:
        """A tile or a part of it, for a sector, a product, a language as `wants` says."""
        country = self.tiles[n][0]
        products = self._products() if "p" in wants else ()
        languages = self._language(country) if "l" in wants else ()
        return Row(
            self._id(kind),
            (self._near(n, products=products, languages=languages),),
            country,
            self._within(n),
            sectors=self._sectors() if "s" in wants else (),
            products=products,
            languages=languages,
            **columns,
        )

    def _by_size(self) -> Row:
        wants = self.random.choice(("", "s", "s", "p", "sl"))
        return self._special("size", self._somewhere(), wants, sizes=(self.random.choice(SIZES),), rule=True)

    def _regional(self) -> Row:
        """One thing over two to eight tiles of one country."""
        n = self._somewhere()
        country, first, last = self.tiles[n]
        for other in range(n + 1, min(n + self.random.randint(2, 8), len(self.tiles))):
            if other in self.reserved or self.tiles[other][0] != country:
                break
            last = self.tiles[other][2]
        row = self._special("region", n, "s" if self.random.random() < 0.6 else "p", priority=1)
        return replace(row, span=(first, last))

    def _national(self, n: int) -> Row:
        """Twenty-four of them at most, however large the network is: the house's own people."""
        country = self.tiles[n * len(self.tiles) // 24][0]
        team = ("key-accounts",)
        if n % 2:
            products = (PRODUCTS[n], PRODUCTS[n + 1])
            return Row(self._id("key"), team, country, products=products, sizes=(SIZES[-1],), rule=True, priority=5)
        return Row(
            self._id("country"), team, country, sectors=("O", "P"), languages=self._language(country), priority=5
        )

    # ---------------------------------------------------------------------------------------- what is planted

    def _planted(self) -> tuple[list[Row], Planted]:
        rows: list[Row] = []
        section = "F"
        holed = next(self.quiet)
        hole = self._tile(holed, sectors=tuple(s for s in NACE.children() if s != section))
        rows += [hole, self._tile(holed + 1)]
        never, shadowed, overlaps = [], [], []
        for _ in range(self.faults):
            for kind in (self._never, self._twin, self._remnant, self._under_rule):
                n = next(self.quiet, None)
                if n is not None:
                    made, dead = kind(n)
                    rows += made
                    (never if kind == self._never else shadowed).append(dead)
            n = next(self.quiet, None)
            if n is not None:
                made, pair = self._overlap(n)
                rows += made
                overlaps.append(pair)
        for n in self.quiet:
            rows += [self._tile(n), self._tile(n + 1)]
        return rows, Planted(hole.id, section, tuple(never), tuple(shadowed), tuple(overlaps))

    def _pair(self, n: int) -> tuple[Row, Row]:
        return self._tile(n), self._tile(n + 1)

    def _never(self, n: int) -> tuple[list[Row], str]:
        """Two sizes at once."""
        mine, other = self._pair(n)
        dead = replace(mine, id=self._id("never"), sizes=(SIZES[0], SIZES[2]), rule=True)
        return [mine, other, dead], dead.id

    def _twin(self, n: int) -> tuple[list[Row], str]:
        """The same region twice, and one has priority."""
        mine, other = self._pair(n)
        dead = replace(mine, id=self._id("twin"), dealers=(self._near(n),), priority=-1)
        return [mine, other, dead], dead.id

    def _remnant(self, n: int) -> tuple[list[Row], str]:
        """What was once one territory, and is now exactly two smaller ones."""
        mine, other = self._pair(n)
        dead = replace(mine, id=self._id("remnant"), span=(mine.span[0], other.span[1]))
        return [mine, other, dead], dead.id

    def _under_rule(self, n: int) -> tuple[list[Row], str]:
        """A niche where a rule above already takes the whole division."""
        mine, other = self._pair(n)
        above = replace(mine, id=self._id("above"), sectors=("C25",), rule=True)
        dead = replace(mine, id=self._id("under"), sectors=("C25.6",))
        return [mine, other, above, dead], dead.id

    def _overlap(self, n: int) -> tuple[list[Row], tuple[str, str]]:
        """One tile runs on into the next, which neither owner knows."""
        mine, other = self._pair(n)
        first, last = other.span
        mine = replace(mine, span=(mine.span[0], first + (last - first) // 2))
        other = replace(other, dealers=(self._near(n + 1, other=mine.dealers[0]),))
        return [mine, other], (mine.id, other.id)


def _serves(dealer: Dealer, products: tuple[str, ...], languages: tuple[str, ...]) -> bool:
    """Whether it takes some of them; it takes every lead where none is asked for."""
    pairs = ((dealer.serves_products, products), (dealer.serves_languages, languages))
    return all(not served or bool({*served} & {*asked}) for served, asked in pairs)


def network(size: int) -> Network:
    """The network of so many territories and rules together; at least 40, so that each fault has its place."""
    maker = _Maker(size)
    rows, planted = maker.rows()
    teams = [Dealer("house", kind="house"), Dealer("key-accounts", kind="house")]
    return Network(tuple(rows), (*maker.dealers, *teams), planted)


# ------------------------------------------------------------------------------------------- a planned edit


def edited(active: Network) -> tuple[Network, tuple[str, ...]]:
    """The network with one in a hundred of its rows edited as people do, at least one; and which rows those are.

    Four in ten get another dealer, two in ten lose half of their postcodes, two in ten are dropped, and two in ten
    are dated.
    """
    random = Random(len(active.rows) + 1)
    chosen = set(random.sample(range(len(active.rows)), max(1, len(active.rows) // 100)))
    rows: list[Row] = []
    for n, row in enumerate(active.rows):
        rows += _edit(row, active, random) if n in chosen else [row]
    ids = {active.rows[n].id for n in chosen}
    made = {name: noun for name, noun in active.made.items() if name not in ids}
    return Network(tuple(rows), active.dealers, active.planted, made), tuple(sorted(ids))


def _edit(row: Row, active: Network, random: Random) -> Iterable[Row]:
    kind = random.choice(("dealer",) * 4 + ("half", "half", "drop", "drop", "date", "date"))
    if kind == "drop":
        return []
    if kind == "half" and row.span is not None and row.span[0] < row.span[1]:
        first, last = row.span
        return [replace(row, span=(first, (first + last) // 2))]
    if kind == "date" and row.valid_until is None:
        return [replace(row, valid_until=datetime(2028, 1, 1, tzinfo=UTC))]
    others = [d.id for d in random.sample(active.dealers, 3) if d.kind == "dealer" and d.id not in row.dealers]
    return [replace(row, dealers=(others[0],))]


def recut(active: Network) -> Network:
    """The same meaning in other rows: plain tiles, one for a hundred rows, are cut in two where no niche lies."""
    random = Random(len(active.rows) + 2)
    plain = [row for row in _alone(active.rows) if row.id.startswith("base-") and not row.sectors]
    chosen = set(random.sample(plain, min(len(plain), max(1, len(active.rows) // 100))))
    rows: list[Row] = []
    for row in active.rows:
        rows += _halves(row) if row in chosen else [row]
    made = {name: noun for name, noun in active.made.items() if name not in {row.id for row in chosen}}
    return Network(tuple(rows), active.dealers, active.planted, made)


def _alone(rows: Iterable[Row]) -> Iterator[Row]:
    """Territories at least two codes wide that share no code with another one of limited place."""
    by_country: dict[str, list[Row]] = {}
    for row in rows:
        if row.span is not None and not row.rule:
            by_country.setdefault(row.country, []).append(row)
    for mine in by_country.values():
        mine.sort(key=lambda row: row.span)
        reached = -1  # the last code of all that begin before
        for row, after in zip(mine, [*mine[1:], None], strict=True):
            first, last = row.span
            if reached < first < last and (after is None or last < after.span[0]):
                yield row
            reached = max(reached, last)


def _halves(row: Row) -> list[Row]:
    first, last = row.span
    middle = (first + last) // 2
    return [replace(row, span=(first, middle)), replace(row, id=f"{row.id}-east", span=(middle + 1, last))]
