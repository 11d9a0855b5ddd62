"""The list of deals: the database searches, filters, sorts and pages, within what one may see."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine, delete, event, select, update
from werkzeug.datastructures import MultiDict

from dealdesk.deals.listing import (
    PAGE,
    DealQuery,
    find_top,
    find_tops,
    list_lines,
    read_query,
)
from dealdesk.deals.models import DealRow, DealSummaryRow, Standing
from dealdesk.deals.views import MOST_VIEWS, drop_view, list_views, save_view
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import DomainError, NotFoundError
from dealdesk.terms.money import Money
from dealdesk.workflows.summaries import refresh_summaries
from tests.integration.workbench import NOW, RULES, SCENARIO, as_actor, people, started


def numbers(engine: Engine, query: DealQuery, actor=SYSTEM) -> list[str]:
    with sessions(engine)() as session:
        return [line.number for line in list_lines(session, query, actor=actor).lines]


def order_of(**change) -> dict:
    return {**SCENARIO, "order": {**SCENARIO["order"], **change}}


@pytest.fixture
def three(engine: Engine):
    """Three deals: Avery's standard one in euro, Avery's with a discount, Blake's."""
    everybody = people(engine)
    plain = order_of(currency="EUR", lines=[{"sku": "TEAM", "quantity": 10}])
    deep = order_of(lines=[{"sku": "TEAM", "quantity": 5, "discount_pct": "35"}])
    made = [
        started(engine, everybody.avery, "1", {**plain, "customer": {"name": "Zeta 100% GmbH"}}),
        started(engine, everybody.avery, "2", {**deep, "title": "Très_grand"}),
        started(engine, everybody.blake, "3"),
    ]
    return everybody, made


def test_a_line_has_its_figures_and_who_is_asked(engine: Engine, three) -> None:
    everybody, made = three
    with sessions(engine)() as session:
        found = list_lines(session, DealQuery(sort="customer"), actor=everybody.blake)
        assert (found.total, found.pages, dict(found.counts)) == (1, 1, {"open": 1})
        line = found.lines[0]
    assert (line.number, line.tcv, line.discount) == (
        made[2],
        Money(Decimal("575500.00"), "USD"),
        Decimal(15),
    )
    assert (line.standing, line.asked, line.since) == (
        Standing.OPEN,
        ("sales_manager", "deal_desk"),
        NOW,
    )


@pytest.mark.parametrize("stage", ["signed", "lost"])
def test_what_is_over_neither_stands_nor_waits(engine: Engine, three, stage: str) -> None:
    _, (euro, deep, other) = three
    with sessions(engine, writes=True).begin() as session:
        over = update(DealRow).where(DealRow.number.in_([euro, other])).values(stage=stage)
        session.execute(over)
    with sessions(engine)() as session:
        found = list_lines(session, DealQuery(), actor=SYSTEM)
    assert dict(found.counts) == {"closed": 2, "open": 1}
    assert found.total == 3
    assert numbers(engine, DealQuery(standing="ready")) == []
    assert numbers(engine, DealQuery(standing="open")) == [deep]
    assert numbers(engine, DealQuery(role="sales_manager")) == []
    assert set(numbers(engine, DealQuery(stage=stage))) == {euro, other}


def test_the_first_few_and_how_many_there_are_come_in_one_statement(engine: Engine, three) -> None:
    everybody, (euro, deep, other) = three
    with sessions(engine)() as session:
        seen: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        query = DealQuery(sort="customer")
        top = find_top(session, query, 1, actor=SYSTEM)
        assert (top.count, [line.number for line in top.lines]) == (3, [deep])
        assert find_top(session, DealQuery(search="nobody"), 1, actor=SYSTEM).count == 0
        asked = find_top(session, DealQuery(role="sales_manager"), 5, actor=everybody.blake)
        assert (asked.count, [line.number for line in asked.lines]) == (1, [other])
        tops = find_tops(session, query, 1, actor=SYSTEM)
        counted = {one: (found.count, len(found.lines)) for one, found in tops.items()}
    assert counted == {Standing.OPEN: (2, 1), Standing.READY: (1, 1)}
    assert [line.number for line in tops[Standing.OPEN].lines] == [deep]
    assert [line.number for line in tops[Standing.READY].lines] == [euro]
    assert sum(one.startswith("SELECT") for one in seen) == 4


@pytest.mark.parametrize("stage", ["signed", "lost"])
def test_what_is_over_is_among_no_standing(engine: Engine, three, stage: str) -> None:
    _, (_, deep, other) = three
    with sessions(engine, writes=True).begin() as session:
        session.execute(update(DealRow).where(DealRow.number == other).values(stage=stage))
    with sessions(engine)() as session:
        tops = find_tops(session, DealQuery(), 5, actor=SYSTEM)
    assert [line.number for line in tops[Standing.OPEN].lines] == [deep]


def test_search_filter_and_sort(engine: Engine, three) -> None:
    everybody, (euro, deep, other) = three
    assert numbers(engine, DealQuery(search="zeta  GMBH")) == [euro]
    assert numbers(engine, DealQuery(search="100%")) == [euro]
    assert numbers(engine, DealQuery(search="très_G")) == [deep]
    assert numbers(engine, DealQuery(search="no such")) == []
    assert numbers(engine, DealQuery(search="%")) == [euro]
    assert numbers(engine, DealQuery(standing="ready")) == [euro]
    assert numbers(engine, DealQuery(role="sales_manager")) == [other]
    assert numbers(engine, DealQuery(role="sales")) == []
    assert numbers(engine, DealQuery(owner="me"), everybody.blake) == [other]
    assert numbers(engine, DealQuery(stage="signed")) == []
    assert numbers(engine, DealQuery(sort="-tcv")) == [other, euro, deep]
    assert numbers(engine, DealQuery(sort="tcv")) == [deep, euro, other]
    assert numbers(engine, DealQuery(sort="-discount")) == [deep, other, euro]
    assert numbers(engine, DealQuery(sort="customer"))[-1] == euro
    assert numbers(engine, DealQuery(), as_actor(everybody.avery, "administrator")) == []


def test_a_deal_without_a_rate_comes_last_by_worth(engine: Engine, three) -> None:
    _, (euro, _, _) = three
    with sessions(engine, writes=True).begin() as session:
        ids = select(DealRow.id).where(DealRow.number == euro).scalar_subquery()
        session.execute(
            update(DealSummaryRow).where(DealSummaryRow.deal_id == ids).values(worth=None)
        )
    assert numbers(engine, DealQuery(sort="tcv"))[-1] == euro
    assert numbers(engine, DealQuery(sort="-tcv"))[-1] == euro


def test_pages_hold_everything_once(engine: Engine) -> None:
    avery = people(engine).avery
    started(engine, avery)
    with sessions(engine, writes=True).begin() as session:
        row = session.scalars(select(DealRow)).one()
        summary = session.get(DealSummaryRow, row.id)
        for count in range(2 * PAGE):
            other = _copy(row, number=f"X-{count}")
            session.add(other)
            session.flush()
            session.add(_copy(summary, deal_id=other.id))
    pages = [numbers(engine, DealQuery(page=page)) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [PAGE, PAGE, 1]
    assert len({number for page in pages for number in page}) == 2 * PAGE + 1
    assert numbers(engine, DealQuery(page=99)) == pages[2]


def _copy(row, **other):
    skipped = {"id", "form_key", *other}
    columns = {c.key: getattr(row, c.key) for c in row.__table__.columns if c.key not in skipped}
    return type(row)(**columns, **other)


@pytest.mark.parametrize(
    ("args", "query"),
    [
        ({}, DealQuery()),
        ({"status": "boo", "stage": "'", "sort": "id", "page": "-1", "owner": "7"}, DealQuery()),
        ({"page": "９"}, DealQuery()),
        ({"page": "9" * 30}, DealQuery(page=10_000)),
        ({"q": "a\x00b  c", "sort": "-tcv"}, DealQuery(search="ab c", sort="-tcv")),
        ({"q": "x" * 10_000}, DealQuery(search="x" * 100)),
        ({"status": "open", "stage": "draft", "owner": "me"}, DealQuery("", "open", "draft", "me")),
    ],
)
def test_an_address_asks_for_what_there_is(args, query: DealQuery) -> None:
    found = read_query(MultiDict(args))
    assert found == query
    assert read_query({k: str(v) for k, v in found.args(page=found.page).items()}) == found


def test_lists_are_refreshed_where_they_are_behind(engine: Engine, three) -> None:
    with sessions(engine, writes=True).begin() as session:
        assert refresh_summaries(session, RULES, now=NOW) == 0
        session.execute(delete(DealSummaryRow))
        assert refresh_summaries(session, RULES, now=NOW) == 3
        session.execute(update(DealSummaryRow).values(judged_by="older"))
        assert refresh_summaries(session, RULES, now=NOW) == 3
        assert refresh_summaries(session, RULES, now=NOW) == 0
        assert refresh_summaries(session, RULES, [three[1][0]], now=NOW) == 1


def test_a_deal_that_can_not_be_read_is_in_the_list(engine: Engine, three) -> None:
    _, (euro, _, _) = three
    with sessions(engine, writes=True).begin() as session:
        row = session.scalars(select(DealRow).where(DealRow.number == euro)).one()
        row.deal_file = "schema: deal/1\n"
        session.flush()
        refresh_summaries(session, RULES, [euro], now=NOW)
    with sessions(engine)() as session:
        found = list_lines(session, DealQuery(standing="unreadable"), actor=SYSTEM)
        assert [(one.number, one.tcv, one.discount) for one in found.lines] == [(euro, None, None)]


def test_the_list_takes_two_statements(engine: Engine, three) -> None:
    everybody, _ = three
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    numbers(engine, DealQuery(search="acme", role="sales_manager", page=2), everybody.avery)
    assert len([one for one in seen if one.startswith("SELECT")]) == 2


def test_views_are_ones_own(engine: Engine) -> None:
    everybody = people(engine)
    query = DealQuery(search="acme & co", standing="open", sort="-tcv")
    with sessions(engine, writes=True).begin() as session:
        view = save_view(session, everybody.avery, "  Big  ones ", query, NOW)
        assert (view.name, view.query) == ("Big ones", "q=acme+%26+co&status=open&sort=-tcv")
        again = save_view(session, everybody.avery, "Big ones", DealQuery(), NOW)
        assert (again.id, again.query) == (view.id, "")
        assert list_views(session, actor=everybody.blake) == []
        with pytest.raises(NotFoundError):
            drop_view(session, everybody.blake, view.id)
        drop_view(session, everybody.avery, view.id)
        assert list_views(session, actor=everybody.avery) == []
        for name in ("", "x" * 61):
            with pytest.raises(DomainError):
                save_view(session, everybody.avery, name, query, NOW)
        for count in range(MOST_VIEWS):
            save_view(session, everybody.avery, f"View {count}", query, NOW)
        with pytest.raises(DomainError, match="are the most"):
            save_view(session, everybody.avery, "One more", query, NOW)
