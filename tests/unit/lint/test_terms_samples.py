"""Each rule on SLA terms fires on its failing sample in sound terms, and not on the other."""

import copy
import json
from typing import Any

import pytest

from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.lint import RULES, lint_terms
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project
from dealdesk.workflows.terms_samples import TERMS_SAMPLES
from tests.enterprise import rich_quote, shipped_library


def with_sample(sample: str) -> Any:
    terms = copy.deepcopy(
        json.loads(canonical_json(project(rich_quote().version, shipped_library())))
    )
    for line in sample.splitlines():
        pointer, _, value = line.partition(" ")
        *parents, last = pointer.strip("/").split("/")
        place = terms
        for name in parents:
            place = place[int(name) if isinstance(place, list) else name]
        place[int(last) if isinstance(place, list) else last] = json.loads(value)
    return terms


def test_every_rule_has_its_samples() -> None:
    assert set(TERMS_SAMPLES) == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", TERMS_SAMPLES)
def test_the_failing_sample_fails_and_the_passing_one_passes(rule: str) -> None:
    failing, passing = TERMS_SAMPLES[rule]
    assert rule in {one.id for one, _ in lint_terms(read_terms(with_sample(failing)))}
    assert rule not in {one.id for one, _ in lint_terms(read_terms(with_sample(passing)))}
