"""Reports on deals: the pipeline by stage, and the bands of discounts."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from dealdesk.deals.models import Stage
from dealdesk.deals.stage_titles import STAGES
from dealdesk.kernel.languages import gettext_noop
from dealdesk.reports.facts import DealFact
from dealdesk.reports.model import Bar, Column, Report, Unit, share

# Bands of the highest line discount: up to so many percent, each limit included.
BANDS = (0, 10, 20, 30, 40)
_BAND_WORDS = (
    gettext_noop("None"),
    gettext_noop("Above 0 to 10 %"),
    gettext_noop("Above 10 to 20 %"),
    gettext_noop("Above 20 to 30 %"),
    gettext_noop("Above 30 to 40 %"),
    gettext_noop("Above 40 %"),
)
_PERCENT = 10_000


def pipeline(deals: Sequence[DealFact], currency: str) -> Report:
    """Count deals and what they are worth, by stage."""
    counts = Counter(one.stage for one in deals)
    worth: Counter[Stage] = Counter()
    for one in deals:
        worth[one.stage] += one.worth or 0
    return Report(
        key="pipeline",
        title=gettext_noop("Pipeline by stage"),
        about=gettext_noop(
            "Deals and their total contract value, in the policy's currency at its dated rates."
        ),
        columns=(
            Column(gettext_noop("Stage")),
            Column(gettext_noop("Deals"), Unit.COUNT),
            Column(gettext_noop("Share of deals"), Unit.SHARE),
            Column(gettext_noop("Total contract value"), Unit.MONEY),
        ),
        rows=tuple(
            (words, counts[stage], share(counts[stage], len(deals)), worth[stage])
            for stage, words in STAGES.items()
        ),
        bars=tuple(Bar(words, worth[stage]) for stage, words in STAGES.items()),
        drawn=Unit.MONEY,
        drawn_as=gettext_noop("Total contract value"),
        currency=currency,
    )


def discounts(deals: Sequence[DealFact], currency: str) -> Report:
    """Count deals by the band of their highest line discount, with what became of them."""
    groups: dict[int, list[DealFact]] = defaultdict(list)
    for one in deals:
        groups[_band(one.discount)].append(one)
    rows = []
    for band in range(len(BANDS) + 1):
        group = groups.get(band, [])
        stages = Counter(one.stage for one in group)
        signed, lost = stages[Stage.SIGNED], stages[Stage.LOST]
        rows.append(
            (
                band_words(band),
                len(group),
                sum(one.worth or 0 for one in group),
                signed,
                lost,
                share(signed, signed + lost),
            )
        )
    return Report(
        key="discounts",
        title=gettext_noop("Discount bands"),
        about=gettext_noop(
            "Deals by their highest line discount; won is signed of signed and lost."
        ),
        columns=(
            Column(gettext_noop("Highest line discount")),
            Column(gettext_noop("Deals"), Unit.COUNT),
            Column(gettext_noop("Total contract value"), Unit.MONEY),
            Column(gettext_noop("Signed"), Unit.COUNT),
            Column(gettext_noop("Lost"), Unit.COUNT),
            Column(gettext_noop("Won"), Unit.SHARE),
        ),
        rows=tuple(rows),
        bars=tuple(Bar(row[0], row[1]) for row in rows),
        drawn=Unit.COUNT,
        drawn_as=gettext_noop("Deals"),
        currency=currency,
    )


def band_words(band: int) -> str:
    """Return a band of discounts in words."""
    return _BAND_WORDS[band]


def _band(discount: int) -> int:
    return sum(discount > limit * _PERCENT for limit in BANDS)
