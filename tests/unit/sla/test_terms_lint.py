"""Each rule of the terms lint fires on what it is for, and on nothing in sound terms."""

import copy
import json
from collections.abc import Callable

import pytest

from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.lint import RULES, lint_terms
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project
from tests.enterprise import rich_quote, shipped_library

TERMS = json.loads(canonical_json(project(rich_quote().version, shipped_library())))
Spoil = Callable[[dict], None]


def _response(terms: dict, severity: str, seconds: int) -> None:
    target = next(
        t for t in terms["targets"] if t["severity"] == severity and t["metric"] == "first_response"
    )
    target["amount"] = {"kind": "elapsed", "seconds": seconds}


def _fast_fix(terms: dict) -> None:
    terms["targets"].append(
        {
            "severity": "sev1",
            "metric": "resolution",
            "amount": {"kind": "elapsed", "seconds": 60},
            "calendar": "24x7",
        }
    )


def _maintenance(terms: dict) -> None:
    terms["availability"]["maintenance"] |= {
        "excluded_from": "counts_as_downtime",
        "cap_per_month": {"seconds": 14400},
    }


SPOILS: dict[str, Spoil] = {
    "tier-gap": lambda t: t["credits"]["tiers"][0].update(below_percent="99.5"),
    "tier-order": lambda t: t["credits"]["tiers"][1].update(credit_percent="1"),
    "credit-over-cap": lambda t: t["credits"].update(cap_percent="6"),
    "severity-order": lambda t: _response(t, "sev1", 10_000),
    "resolved-unanswered": _fast_fix,
    "no-emergency-channel": lambda t: t.update(
        channels=[c for c in t["channels"] if c["calendar"] != "24x7"]
    ),
    "uptime-unreachable": _maintenance,
    "objective-bounds": lambda t: t["availability"].update(objective_percent="100"),
    "response-absent": lambda t: t.update(
        targets=[x for x in t["targets"] if x["severity"] != "sev3"]
    ),
    "sev1-slow": lambda t: _response(t, "sev1", 10_800),
    "security-not-raised": lambda t: t["severities"][0].pop("includes"),
    "objective-too-fine": lambda t: t["availability"].update(objective_percent="99.999"),
    "holidays-end": lambda t: t["effective"].update(until="2040-01-01"),
}


def found(terms: dict) -> set[str]:
    return {rule.id for rule, _ in lint_terms(read_terms(terms))}


def test_the_shipped_terms_are_sound() -> None:
    assert found(TERMS) == set()


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in RULES} == set(SPOILS)


@pytest.mark.parametrize("rule", sorted(SPOILS))
def test_a_rule_fires_on_what_it_is_for(rule: str) -> None:
    spoilt = copy.deepcopy(TERMS)
    SPOILS[rule](spoilt)
    assert rule in found(spoilt)
