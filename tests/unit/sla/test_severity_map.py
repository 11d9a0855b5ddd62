"""Severities go to priorities by rank, or as asked; where neither is possible, a sentence asks."""

import copy
from typing import Any

import pytest

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.exporters.export import Faithful, Options
from dealdesk.sla.exporters.registry import EXPORTERS, export_terms
from dealdesk.sla.exporters.severity_map import PriorityMap, map_severities, parse_severity_map
from dealdesk.sla.model import SlaTerms, read_terms
from tests.unit.sla.exports import ACME, contract, contract_data, data_of, entries, exported

MAPPED = [name for name, system in EXPORTERS.items() if system.priorities]
FOUR = ("urgent", "high", "normal", "low")


def with_severities(number: int) -> SlaTerms:
    """Return ACME's terms with so many severities, each answered in its rank in hours."""
    data: dict[str, Any] = copy.deepcopy(contract_data(ACME))
    del data["channels"]
    data["severities"] = [
        {"id": f"sev{n}", "rank": n, "definition": "…"} for n in range(number, 0, -1)
    ]
    data["targets"] = [
        {
            "severity": f"sev{n}",
            "metric": "first_response",
            "amount": {"kind": "elapsed", "seconds": 3600 * n},
            "calendar": "24x7",
        }
        for n in range(1, number + 1)
    ]
    return read_terms(data)


def test_the_default_goes_by_rank_and_says_what_is_left_over() -> None:
    export = exported(ACME, "zendesk")
    entry = entries(export)["severities as priorities"]
    assert (
        entry.reason
        == "By rank: sev1=urgent, sev2=high, sev3=normal; low takes the times of severity sev3."
    )
    assert entry.kept is Faithful.APPROXIMATED


def test_a_map_of_one_to_one_is_exact() -> None:
    assert entries(exported(ACME, "zammad"))["severities as priorities"].kept is Faithful.EXACT
    four = entries(export_terms(with_severities(4), "zendesk"))["severities as priorities"]
    assert four.kept is Faithful.EXACT


@pytest.mark.parametrize("target", MAPPED)
def test_more_severities_than_priorities_are_asked_for(target: str) -> None:
    number = len(EXPORTERS[target].priorities) + 1
    with pytest.raises(
        DomainError,
        match=rf"The contract has {number} severities \(sev1, .*Say which goes where: --severity-map sev1=",
    ):
        export_terms(with_severities(number), target)


@pytest.mark.parametrize("target", MAPPED)
def test_a_map_that_is_given_lets_severities_share(target: str) -> None:
    priorities = EXPORTERS[target].priorities
    terms = with_severities(len(priorities) + 1)
    wanted = {
        f"sev{n}": priorities[min(n, len(priorities)) - 1] for n in range(1, len(priorities) + 2)
    }
    told = entries(export_terms(terms, target, Options(wanted)))
    assert told["severities as priorities"].kept is Faithful.APPROXIMATED
    assert told["severities as priorities"].reason.startswith("As asked for: sev1=")
    last = told[f"sev{len(priorities) + 1} first response"]
    assert last.kept is not Faithful.EXACT


def test_what_shares_a_priority_takes_the_time_of_the_higher_severity() -> None:
    wanted = {"sev1": "urgent", "sev2": "high", "sev3": "high"}
    export = exported(ACME, "zendesk", severity_map=wanted)
    rows = data_of(export, "sla_policy.json")["sla_policy"]["policy_metrics"]
    high = [r for r in rows if r["priority"] == "high" and r["metric"] == "first_reply_time"]
    assert [row["target"] for row in high] == [240]
    assert (
        entries(export)["sev3 first response"].reason
        == "It shares a priority with sev2 and takes its time."
    )


def test_a_priority_without_a_severity_takes_the_nearest_above() -> None:
    found = PriorityMap(FOUR, {"sev1": "high", "sev2": "low"}, is_default=False)
    assert [found.severities(one) for one in FOUR] == [("sev1",), ("sev1",), ("sev1",), ("sev2",)]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"sev1": "urgent"}, "The severity map leaves out sev2, sev3"),
        ({"sev1": "urgent", "sev2": "high", "sev3": "later"}, "Zendesk has no priority “later”"),
        (
            {"sev1": "urgent", "sev2": "high", "sev3": "low", "sev9": "low"},
            "names “sev9”, which is no severity of the contract",
        ),
    ],
)
def test_a_map_that_does_not_fit_is_a_sentence(wanted: dict[str, str], sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        exported(ACME, "zendesk", severity_map=wanted)


def test_terms_without_severities_are_no_use_to_a_ticket_system() -> None:
    data = contract_data(ACME)
    for key in ("severities", "targets", "channels"):
        del data[key]
    with pytest.raises(DomainError, match="The terms have no severities"):
        map_severities(read_terms(data), EXPORTERS["zendesk"], Options())


def test_a_map_is_read_as_it_is_written() -> None:
    assert parse_severity_map(" sev1 = urgent, sev2=high ,") == {"sev1": "urgent", "sev2": "high"}
    assert parse_severity_map("") == {}
    assert contract(ACME).severities[0].id == "sev1"
