"""Reports on clauses: concessions by rank, and the levels of service that are promised."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

from dealdesk.clauses.model import Library, Rank
from dealdesk.deals.models import Stage
from dealdesk.kernel.languages import gettext_noop
from dealdesk.reports.facts import Chosen, DealFact
from dealdesk.reports.model import Bar, Column, Report, Unit, share


def concessions(chosen: Sequence[Chosen], library: Library) -> Report:
    """Count at which position each clause of the deals stands, own words apart."""
    deals = len({one.deal for one in chosen})
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    alike = Counter((one.clause, one.position, one.is_own_words) for one in chosen)
    for (clause, position, is_own_words), count in alike.items():
        counts[clause][_rank_words(clause, position, library, is_own_words=is_own_words)] += count
    rows, bars = [], []
    for clause, ranks in counts.items():
        conceded = sum(count for rank, count in ranks.items() if rank != "Standard")
        if not conceded:
            continue
        title = library.clauses[clause].title if clause in library.clauses else clause
        bars.append(Bar(title, conceded))
        rows += [
            (title, rank, count, share(count, sum(ranks.values())))
            for rank, count in sorted(ranks.items(), key=lambda item: _order(item[0]))
            if rank != "Standard"
        ]
    return Report(
        key="concessions",
        title=gettext_noop("Concessions by clause"),
        about=gettext_noop(
            "How often a clause left our standard in the deals' latest versions, and how far:"
            " fallback by rank, nonstandard, walk-away, own words."
        ),
        counted_over=deals,
        columns=(
            Column(gettext_noop("Clause")),
            Column(gettext_noop("Position")),
            Column(gettext_noop("Deals"), Unit.COUNT),
            Column(gettext_noop("Share of those with the clause"), Unit.SHARE),
        ),
        rows=tuple(sorted(rows, key=lambda row: (str(row[0]), _order(str(row[1]))))),
        bars=tuple(sorted(bars, key=lambda bar: (-bar.value, bar.label))),
        drawn=Unit.COUNT,
        drawn_as=gettext_noop("Deals off standard"),
    )


def promises(chosen: Sequence[Chosen], deals: Sequence[DealFact]) -> Report:
    """Count deals by the uptime that they promise, under way and signed."""
    stages = {one.id: one.stage for one in deals}
    signed: Counter[str] = Counter()
    under_way: Counter[str] = Counter()
    for one in chosen:
        if not one.target:
            continue
        stage = stages.get(one.deal)
        if stage is Stage.SIGNED:
            signed[one.target] += 1
        elif stage is not None and stage is not Stage.LOST:
            under_way[one.target] += 1
    levels = sorted({*signed, *under_way}, key=Decimal)
    return Report(
        key="promises",
        title=gettext_noop("Service level promises"),
        about=gettext_noop(
            "Deals by the uptime that their latest version promises; lost ones are left out."
        ),
        columns=(
            Column(gettext_noop("Uptime")),
            Column(gettext_noop("Signed"), Unit.COUNT),
            Column(gettext_noop("Under way"), Unit.COUNT),
        ),
        rows=tuple((f"{one} %", signed[one], under_way[one]) for one in levels),
        bars=tuple(Bar(f"{one} %", signed[one] + under_way[one]) for one in levels),
        drawn=Unit.COUNT,
        drawn_as=gettext_noop("Deals"),
    )


def _rank_words(clause_id: str, chosen: str, library: Library, *, is_own_words: bool) -> str:
    if is_own_words:
        return "Own words"
    clause = library.clauses.get(clause_id)
    position = next((p for p in clause.positions if p.id == chosen), None) if clause else None
    if position is None:
        return chosen.replace("-", " ").capitalize()
    match position.rank:
        case Rank.STANDARD:
            return "Standard"
        case Rank.FALLBACK:
            return f"Fallback {position.order}"
        case Rank.NONSTANDARD:
            return "Nonstandard"
        case Rank.WALK_AWAY:
            return "Walk-away"


def _order(rank: str) -> tuple[int, str]:
    names = ("Standard", "Fallback", "Nonstandard", "Walk-away", "Own words")
    return next((i for i, name in enumerate(names) if rank.startswith(name)), len(names)), rank
