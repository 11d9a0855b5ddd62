"""What is published counts, not the files: starting, comparing, and the words of lists."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.approvals.policy_versions import publish, save_draft
from dealdesk.clauses.drafts import start_draft, submit_draft
from dealdesk.clauses.publications import find_last_publication
from dealdesk.deals.models import DealRow
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.settings import Settings
from dealdesk.web.app import create_app
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.comparing import compare_versions
from dealdesk.workflows.deal_edits import Target
from dealdesk.workflows.deal_rulebook import Rules, load_rules, rules_in_force
from dealdesk.workflows.library_files import import_files
from dealdesk.workflows.library_publishing import publish_draft
from dealdesk.workflows.library_use import take_offer
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.starting import copy_deal, start_from_file
from dealdesk.workflows.stored_deals import get_stored_deal
from tests.integration.test_library_governance import (
    CLAUSE,
    FOLDER,
    NOW,
    TESTS,
    changed,
    people,
    shelf,
)
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient

__all__ = ["people", "shelf"]
DEAL = (TESTS / "deals" / "T9.yaml").read_text("utf-8")
ONLY_IN_THE_DATABASE = DEAL.replace("  publicity:\n", "  publicity:\n    position: fallback-1\n")
FALLBACK = """  - id: fallback-1
    rank: fallback
    sentence: "logo {{value: logo}}, each time with consent"
    explanation: Consent each time.
    approvers:
      - role: commercial_counsel
        reason: The logo needs consent.
"""


def publish_files(
    session: Session, folder: Path, who: tuple[Actor, Actor], files: dict[str, str]
) -> None:
    """Publish a clause's files from today on, as two people would."""
    last = find_last_publication(session, CLAUSE)
    assert last is not None
    row = start_draft(
        session, who[0], clause_id=CLAUSE, folder=FOLDER, base_sha256=last.sha256, files=files,
        now=NOW,
    )  # fmt: skip
    submit_draft(session, who[0], row, seen=row.revision, reason="Asked for.", now=NOW)
    library = rules_in_force(session, load_rules(folder), NOW).library
    publish_draft(
        session, who[1], row, seen=row.revision, folder=folder, library=library,
        effective_on=NOW.date(), now=NOW,
    )  # fmt: skip


def with_fallback(session: Session, version: str = "9") -> dict[str, str]:
    last = find_last_publication(session, CLAUSE)
    assert last is not None
    files = changed(last.files, version)
    files["clause.yaml"] += FALLBACK
    files["fallback-1.md"] = "# Publicity {#publicity}\n\n{{value: logo}}, with consent.\n"
    return files


def started(session: Session, rules: Rules, seller: Actor, text: str, key: str) -> DealRow:
    return start_from_file(Act(session, rules, seller, NOW), text, key)


def seller_of(who: tuple[Actor, Actor]) -> Actor:
    return Actor(who[0].id, who[0].name, frozenset({"account_executive"}))


def test_a_deal_starts_on_a_position_that_only_the_database_has(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    rules, seller = load_rules(shelf), seller_of(people)
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        publish_files(session, shelf, people, with_fallback(session))
        row = started(session, rules, seller, ONLY_IN_THE_DATABASE, "form-1")
        copy = copy_deal(Act(session, rules, seller, NOW), row.number, "Again", "", "form-2")
        for number in (row.number, copy.number):
            stored = get_stored_deal(session, number, rules, actor=seller, now=NOW)
            says = {one.instance: one.position for one in stored.quote.deal.choices}
            assert says[CLAUSE] == "fallback-1"


def test_versions_are_compared_by_the_clauses_that_each_was_made_from(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    rules, seller = load_rules(shelf), seller_of(people)
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        row = started(session, rules, seller, DEAL, "form-1")
        publish_files(session, shelf, people, with_fallback(session))
        act = Act(session, rules, seller, NOW)
        take_offer(act, Target(row.number, 1))
        stored = get_stored_deal(session, row.number, rules, actor=seller, now=NOW)
        assert stored.version_row.number == 2
        # The text that both are compared with may be of neither version by now.
        last = find_last_publication(session, CLAUSE)
        assert last is not None
        publish_files(session, shelf, people, changed(last.files, "10"))
        found = compare_versions(session, rules_in_force(session, rules, NOW), row, 1, 2)
        assert found.unread == ""
        (passage,) = found.passages
        assert passage.instance == CLAUSE
        assert found.titles[CLAUSE] == "Publicity"
        assert compare_versions(session, rules, row, 1, 1).passages == ()


def test_lists_name_roles_as_the_policy_in_force_does(engine: Engine, settings: Settings) -> None:
    rules = load_rules(settings.library)
    text = rules.policy_text.replace("deal_desk: Deal desk", "deal_desk: Commercial desk")
    text = text.replace('version: "3"', 'version: "4"')
    with sessions(engine, writes=True).begin() as session:
        seed_people(session, SYSTEM, DEMO_PEOPLE, NOW)
        base, author, publisher = rules.policy.key, Actor(1, "A"), Actor(2, "B")
        row = save_draft(
            session, author, None, base_key=base, text=text, reason="New name.", now=NOW
        )
        publish(session, publisher, row, in_force=base, seen=row.revision, now=NOW)
    app = create_app(settings)
    browser = StrictClient(sign_in_as(app, "deal_desk"))
    words = [one.get_text() for one in browser.get("/deals").select("select[name=role] option")]
    assert "Commercial desk" in words
    assert "Deal desk" not in words
    app.extensions["dealdesk"].engine.dispose()
