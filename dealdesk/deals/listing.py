"""The list of deals: searched, filtered, sorted and paged by the database, never quoted anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    UnaryExpression,
    case,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

from dealdesk.deals.models import CLOSED, DealRow, DealSummaryRow, Stage, Standing
from dealdesk.deals.queries import READ, visible
from dealdesk.identity.actors import Actor
from dealdesk.identity.permissions import Scope, scope_of
from dealdesk.terms.money import Money

PAGE = 50
LAST_PAGE = 10_000
LONGEST_SEARCH = 100
MOST_WORDS = 8
MINE = "me"
STALE = "-since"
GONE = "closed"
_PERCENT_PARTS = Decimal(10_000)
_SORTS: Mapping[str, Any] = {
    "customer": DealSummaryRow.words,
    "tcv": DealSummaryRow.worth,
    "discount": DealSummaryRow.discount,
    "off": DealSummaryRow.off_standard,
    "since": DealSummaryRow.since,
}
SORTS = tuple(_SORTS)


@dataclass(frozen=True, slots=True)
class DealQuery:
    """What of the list is wanted, as its address says it.

    `sort` is one of SORTS, with a dash in front from high to low. `owner` is "me" or nothing,
    `role` one that is asked now.
    """

    search: str = ""
    standing: str = ""
    stage: str = ""
    owner: str = ""
    role: str = ""
    sort: str = STALE
    page: int = 1

    @property
    def words(self) -> tuple[str, ...]:
        """The words that all have to be found."""
        return tuple(self.search.casefold().split()[:MOST_WORDS])

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is filtered or searched for."""
        return bool(self.search or self.standing or self.stage or self.owner or self.role)

    def args(self, **other: str | int) -> dict[str, str | int]:
        """Return the address's arguments, with others set; what is as usual is left out."""
        changed = replace(self, **({"page": 1} | other))  # type: ignore[arg-type]
        found: dict[str, str | int] = {
            "q": changed.search,
            "status": changed.standing,
            "stage": changed.stage,
            "owner": changed.owner,
            "role": changed.role,
            "sort": "" if changed.sort == STALE else changed.sort,
            "page": "" if changed.page == 1 else changed.page,
        }
        return {key: value for key, value in found.items() if value}


def read_query(args: Mapping[str, str]) -> DealQuery:
    """Return what an address asks for; what it can't ask for is as if it were not there."""
    standing, stage, sort = args.get("status", ""), args.get("stage", ""), args.get("sort", "")
    page = args.get("page", "")
    return DealQuery(
        search=" ".join(args.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH],
        standing=standing if standing in set(Standing) else "",
        stage=stage if stage in set(Stage) else "",
        owner=MINE if args.get("owner") == MINE else "",
        role=args.get("role", "").replace("\x00", "")[:40],
        sort=sort if sort.removeprefix("-") in SORTS else STALE,
        page=max(1, min(int(page), LAST_PAGE)) if page.isascii() and page.isdigit() else 1,
    )


@dataclass(frozen=True, slots=True)
class DealLine:
    """One line of the list; figures are None where the deal can't be read."""

    number: str
    title: str
    customer: str
    owner: str
    stage: Stage
    standing: Standing
    version: int
    tcv: Money | None
    discount: Decimal | None
    off_standard: int
    asked: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class DealList:
    """One page of the list, and how many deals each standing has under the other filters.

    Deals that are signed or lost stand nowhere any more: they are counted as GONE.
    """

    query: DealQuery
    lines: Sequence[DealLine]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many deals there are on all pages."""
        wanted = self.query.standing
        return self.counts.get(wanted, 0) if wanted else sum(self.counts.values())

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Top:
    """The first few of some deals, and how many there are."""

    count: int
    lines: Sequence[DealLine]


def list_lines(session: Session, query: DealQuery, *, actor: Actor) -> DealList:
    """Return a page of the actor's list, in two statements; a page after the last is the last."""
    counts = count_standings(session, query, actor=actor)
    found = DealList(query, (), counts)
    asked = replace(query, page=min(query.page, found.pages))
    return DealList(asked, top_lines(session, asked, PAGE, actor=actor), counts)


def top_lines(
    session: Session, query: DealQuery, count: int, *, actor: Actor
) -> Sequence[DealLine]:
    """Return so many lines of the actor's list from the query's page on, in one statement."""
    wanted = _of(select(DealSummaryRow.deal_id), query, actor)
    if query.standing:
        wanted = wanted.where(DealSummaryRow.standing == query.standing, ~_is_closed())
    # The page is found by the index of what it is sorted by; only its deals are read whole.
    page = wanted.order_by(*_ordered(query)).limit(count).offset((query.page - 1) * PAGE)
    return [_line(row) for row in session.execute(_whole(page.subquery(), query))]


def find_top(session: Session, query: DealQuery, count: int, *, actor: Actor) -> Top:
    """Return so many lines of the actor's list and how long it is, in one look through it."""
    total = func.count().over().label("total")
    wanted = _of(select(DealSummaryRow.deal_id, total), query, actor)
    page = wanted.order_by(*_ordered(query)).limit(count).subquery()
    rows = session.execute(_whole(page, query).add_columns(page.c.total)).all()
    return Top(rows[0].total if rows else 0, [_line(row) for row in rows])


def find_tops(
    session: Session, query: DealQuery, count: int, *, actor: Actor
) -> Mapping[Standing, Top]:
    """Return the same for each standing of what goes on, in one statement."""
    stands = DealSummaryRow.standing
    of_it = func.count().over(partition_by=stands).label("total")
    place = func.row_number().over(partition_by=stands, order_by=_ordered(query)).label("place")
    wanted = _of(select(DealSummaryRow.deal_id, of_it, place), query, actor)
    page = wanted.where(~_is_closed()).subquery()
    rows = session.execute(
        _whole(page, query).add_columns(page.c.total).where(page.c.place <= count)
    ).all()
    return {
        one: Top(next(row.total for row in rows if row.standing == one), lines)
        for one in Standing
        if (lines := [_line(row) for row in rows if row.standing == one])
    }


def _ordered(query: DealQuery) -> tuple[UnaryExpression[Any], UnaryExpression[Any]]:
    return _order(query.sort), DealSummaryRow.deal_id.desc()


def _whole(page: Subquery, query: DealQuery) -> Select[*tuple[Any, ...]]:
    """Return the selection of all that lines show of the deals in a selection of ids."""
    return (
        select(*_COLUMNS)
        .join_from(page, DealSummaryRow, DealSummaryRow.deal_id == page.c.deal_id)
        .join(DealRow, DealRow.id == page.c.deal_id)
        .order_by(*_ordered(query))
    )


def count_standings(session: Session, query: DealQuery, *, actor: Actor) -> Mapping[str, int]:
    """Return how many of the actor's deals have each standing, under the query's other filters.

    Those that are signed or lost are counted under GONE.
    """
    stands = case((_is_closed(), GONE), else_=DealSummaryRow.standing).label("stands")
    counted = select(stands, func.count()).group_by(stands)
    return {row[0]: int(row[1]) for row in session.execute(_of(counted, query, actor))}


def _is_closed() -> ColumnElement[bool]:
    # Found by the index of stages: reading each deal for it would read its file too.
    return DealSummaryRow.deal_id.in_(select(DealRow.id).where(DealRow.stage.in_(CLOSED)))


_COLUMNS = (
    DealRow.number, DealRow.title, DealRow.customer, DealRow.owner, DealRow.stage,
    DealSummaryRow.standing, DealSummaryRow.version, DealSummaryRow.tcv, DealSummaryRow.currency,
    DealSummaryRow.discount, DealSummaryRow.off_standard, DealSummaryRow.asked,
    DealSummaryRow.since,
)  # fmt: skip


def _of(wanted: Any, query: DealQuery, actor: Actor) -> Any:
    """Return a selection over what the query leaves; deals are joined only where they decide."""
    by_deal = [] if scope_of(actor, READ) is Scope.ALL else [visible(actor)]
    if query.stage:
        by_deal.append(DealRow.stage == query.stage)
    if query.owner == MINE:
        by_deal.append(DealRow.owner_id == actor.id)
    by_summary: list[ColumnElement[bool]] = [
        DealSummaryRow.words.contains(word, autoescape=True) for word in query.words
    ]
    if query.role:
        # As the index of those that anybody is asked on is named.
        by_summary.append(DealSummaryRow.asked != literal_column("''"))
        by_summary.append(DealSummaryRow.asked.contains(f"|{query.role}|", autoescape=True))
        by_summary.append(~_is_closed())
    if by_deal:
        wanted = wanted.join(DealRow, DealRow.id == DealSummaryRow.deal_id)
    return wanted.where(*by_deal, *by_summary)


def _order(sort: str) -> UnaryExpression[Any]:
    column = _SORTS[sort.removeprefix("-")]
    ordered: UnaryExpression[Any] = column.desc() if sort.startswith("-") else column.asc()
    # Without a rate there is no worth to compare: those come last, whichever way.
    return ordered.nulls_last() if column is DealSummaryRow.worth else ordered


def _line(row: Any) -> DealLine:
    is_read = row.standing != Standing.UNREADABLE
    return DealLine(
        number=row.number,
        title=row.title,
        customer=row.customer,
        owner=row.owner,
        stage=Stage(row.stage),
        standing=Standing(row.standing),
        version=row.version,
        tcv=Money(Decimal(row.tcv), row.currency) if is_read else None,
        discount=Decimal(row.discount) / _PERCENT_PARTS if is_read else None,
        off_standard=row.off_standard,
        asked=roles_of(row.asked),
        since=row.since,
    )


def roles_text(roles: Sequence[str]) -> str:
    """Return roles as summaries keep them, each findable between bars."""
    return f"|{'|'.join(roles)}|" if roles else ""


def roles_of(text: str) -> tuple[str, ...]:
    """Return the roles that a summary keeps."""
    return tuple(text.strip("|").split("|")) if text else ()
