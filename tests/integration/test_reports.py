"""Every report on both databases: the same figures from the same history."""

from datetime import timedelta

from sqlalchemy import Engine

from dealdesk.audit.operations import record
from dealdesk.deals.models import Stage
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import sessions
from dealdesk.reports.facts import MOVED
from dealdesk.reports.queries import REPORTS, get_report
from dealdesk.workflows.request_deciding import decide
from dealdesk.workflows.submitting import submit_deal
from dealdesk.workflows.summaries import refresh_summaries
from tests.acme import NOW, Office
from tests.integration.test_approving import APPROVED, on, seen

DAY = 86_400


def test_the_same_history_gives_the_same_figures(engine: Engine) -> None:
    office = Office(engine)
    office.open()
    with sessions(engine, writes=True).begin() as session:
        refresh_summaries(session, office.rules, now=office.now)
    office.do("avery", lambda act, deal: submit_deal(act, deal, "", seen_version=1))
    office.now = NOW + timedelta(hours=6)
    office.do(
        "emery", on(office, "engineering", lambda a, d, r: decide(a, d, r, APPROVED, seen(d, r)))
    )
    with sessions(engine, writes=True).begin() as session:
        row = office.stored(session).row
        row.stage = Stage.NEGOTIATION.value
        facts = {"action": "send", "from": "draft", "to": "negotiation"}
        record(session, SYSTEM, row.id, MOVED, facts, now=NOW + timedelta(days=3))
    later = NOW + timedelta(days=30)
    with sessions(engine)() as session:
        actor = office.actor(session, "dana")
        made = {
            key: get_report(session, key, actor=actor, rules=office.rules, now=later).rows
            for key in REPORTS
        }
    assert made["pipeline"][1] == ("Negotiation", 1, 1000, 57_550_000)
    assert made["cycle-stage"] == (("Draft", 1, 3 * DAY, 3 * DAY),)
    assert made["cycle-role"] == (("Engineering", 1, 21_600, 21_600, 1000),)
    assert made["cycle-person"] == (("Emery Muster, Engineering", 1, 21_600, 21_600, 1000),)
    assert made["waits"] == (
        ("Avery Seller", "Commercial counsel", 1, 30 * DAY, 1),
        ("Avery Seller", "Sales manager", 1, 30 * DAY, 1),
    )
    assert made["promises"] == (("99.95 %", 0, 1),)
    assert ("Source-code escrow", "Fallback 1", 1, 1000) in made["concessions"]
    assert made["discounts"][2] == ("Above 10 to 20 %", 1, 57_550_000, 0, 0, None)
