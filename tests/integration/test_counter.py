"""A counsel's file comes back: tracked changes become values and words, anything else is a person's."""

import pytest

from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.text import canonical_text
from dealdesk.kernel.errors import RefusedError
from dealdesk.terms.values import Duration, Unit, ValueRef
from dealdesk.workflows.counter import take_counter
from dealdesk.workflows.counter_file import load_counter
from dealdesk.workflows.deciding import approve
from dealdesk.workflows.quoting import quote_version
from dealdesk.workflows.readiness import blockers
from tests.enterprise import ROOT, rich_package, rich_quote, shipped_catalogue, shipped_library

PLAN = load_counter(ROOT / "demo" / "counter.yaml")
SENT = rich_package().files["agreement.docx"]


def returned(*replacements: tuple[object, str, str]) -> bytes:
    return write_tracked_replacements(SENT, replacements, PLAN.author, PLAN.at)


def test_a_redlined_number_becomes_the_value_and_a_phrase_an_override() -> None:
    counter = take_counter(
        SENT, returned(*PLAN.replacements), rich_quote().version, shipped_library()
    )
    (value,) = counter.result.values
    assert value.new == Duration(20, Unit.MINUTES)
    assert counter.result.overridden == ("confidentiality",)
    assert counter.version.parent == 1
    text = canonical_text(counter.version.tree)
    before = canonical_text(rich_quote().version.tree)
    changed = [
        (a, b) for a, b in zip(before.splitlines(), text.splitlines(), strict=True) if a != b
    ]
    assert len(changed) == 2


def test_what_the_counter_triggers_lapses_and_is_decided_again() -> None:
    base = rich_quote()
    assert list(blockers(base)) == []
    counter = take_counter(SENT, returned(*PLAN.replacements), base.version, shipped_library())
    after = quote_version(
        base.deal, counter.version, shipped_library(), base.policy, shipped_catalogue()
    )
    assert {one.role for one in after.standing.open} == {"commercial_counsel", "support_head"}
    for planned in PLAN.decisions:
        after = approve(
            after,
            shipped_library(),
            shipped_catalogue(),
            role=planned.role,
            person=planned.person,
            at=planned.at,
        )
    assert list(blockers(after)) == []


def test_nobody_decides_on_words_of_their_own() -> None:
    base = rich_quote()
    counter = take_counter(SENT, returned(*PLAN.replacements), base.version, shipped_library())
    after = quote_version(
        base.deal, counter.version, shipped_library(), base.policy, shipped_catalogue()
    )
    with pytest.raises(RefusedError, match="may not decide"):
        approve(
            after,
            shipped_library(),
            shipped_catalogue(),
            role="commercial_counsel",
            person=base.deal.owner,
            at=PLAN.at,
        )


def test_an_untracked_edit_stops_the_round_and_is_shown() -> None:
    hidden = settle_all(returned((ValueRef("uptime", "target"), "99.95%", "99.99%")), accept=True)
    with pytest.raises(RefusedError, match="An edit was not tracked") as error:
        take_counter(SENT, hidden, rich_quote().version, shipped_library())
    assert "99.99" in str(error.value)


def test_a_file_without_changes_changes_nothing() -> None:
    counter = take_counter(SENT, SENT, rich_quote().version, shipped_library())
    assert counter.version.inputs == rich_quote().version.inputs
    assert canonical_text(counter.version.tree) == canonical_text(rich_quote().version.tree)
