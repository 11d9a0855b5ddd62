"""A linter's error blocks like an open requirement: the files are a draft, and the seal says why."""

import json
from dataclasses import replace

from dealdesk.agreements.assembly import make_version
from dealdesk.kernel.errors import Place, Problem
from dealdesk.workflows.building import build_package
from dealdesk.workflows.quoting import with_findings
from dealdesk.workflows.readiness import blockers
from tests.enterprise import rich_quote, shipped_library


def test_a_sound_deal_has_no_blocker() -> None:
    assert list(blockers(with_findings(rich_quote(), shipped_library()))) == []


def test_a_lint_error_makes_a_draft_and_stands_among_what_blocks() -> None:
    base = rich_quote()
    choices = []
    for choice in base.version.inputs.choices:
        if choice.instance_id == "uptime":
            values = dict(choice.values)
            rows = values["credits"].rows[1:]
            values["credits"] = replace(values["credits"], rows=rows)
            choices.append(replace(choice, values=values))
        else:
            choices.append(choice)
    inputs = replace(base.version.inputs, choices=tuple(choices))
    version = make_version(inputs, shipped_library())
    package = build_package(replace(base, version=version), shipped_library())
    assert package.is_draft
    blocked = json.loads(package.files["approvals.json"])["blocked"]
    assert [entry["position"] for entry in blocked] == ["tier-gap"]
    assert json.loads(package.files["manifest.json"])["draft"] is True


def test_a_finding_names_its_place() -> None:
    problem = Problem("tier-gap", "Credits start too low.", Place(path="/credits/tiers/0"))
    assert str(problem) == "/credits/tiers/0: Credits start too low."
