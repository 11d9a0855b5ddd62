"""What only Request Tracker needs: Perl strings, one calendar a level, statuses that pause."""

from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.exporters.export import Faithful
from dealdesk.sla.exporters.registry import export_terms
from dealdesk.sla.exporters.request_tracker import quoted
from dealdesk.sla.model import SlaTerms, load_terms, read_terms
from dealdesk.sla.projection import project
from tests.enterprise import rich_quote, shipped_library
from tests.unit.sla.exports import ACME, BERLIN, contract_data, entries, exported


def terms() -> SlaTerms:
    return load_terms(canonical_json(project(rich_quote().version, shipped_library())))


def test_the_demo_deal_exports_with_every_promise_told() -> None:
    export = export_terms(terms(), "rt")
    told = entries(export)
    for target in terms().targets:
        assert f"{target.severity} {target.metric.replace('_', ' ')}" in told
    assert told["sev1 first response"].kept is Faithful.EXACT
    assert told["customer of a ticket"].kept is Faithful.NOT_EXPRESSIBLE


def test_names_can_not_break_out_of_perl_strings() -> None:
    assert quoted("O'Hara \\ Sons'; system('x')") == "'O\\'Hara \\\\ Sons\\'; system(\\'x\\')'"


def test_pauses_name_the_status_without_which_nothing_pauses() -> None:
    (file,) = exported(ACME, "rt").files
    assert (
        file.text.count("IgnoreOnStatuses => [ 'stalled' ], ExcludeTimeOnIgnoredStatuses => 1") == 2
    )
    # The contract's pauses stop workaround and resolution alone; first responses run on.
    assert file.text.count("Resolve => {") == 2
    data = contract_data(ACME)
    del data["clock_rules"]["pause_when"]
    (without,) = export_terms(read_terms(data), "rt").files
    assert "Ignore" not in without.text


def test_a_level_has_one_calendar_and_the_list_says_what_that_costs() -> None:
    entry = entries(exported(BERLIN, "rt"))["critical update"]
    assert entry.kept is Faithful.NOT_EXPRESSIBLE
    assert "KeepInLoop" not in exported(BERLIN, "rt").files[0].text
