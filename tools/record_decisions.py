# ruff: noqa: INP001 - a script, not a module of a package
"""Rewrite the decisions of deal files so that each names what its role sees now.

For the demo's deals only, when the library's text changed under them: a real decision is never
rewritten. Usage: python tools/record_decisions.py demo/deals/*.yaml
"""

import sys
from pathlib import Path

from dealdesk.approvals.assessment import Assessment
from dealdesk.approvals.deciding import seen_by
from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal import Decision
from dealdesk.deals.deal_file import load_deal
from dealdesk.workflows.quoting import quote

HEAD = "decisions:\n"


def rewritten(path: Path) -> str:
    """Return the file's text with fresh decisions; other lines stay as they are."""
    library = load_library(DEFAULT_LIBRARY)
    policy = load_policy(DEFAULT_LIBRARY / "policies" / "approval.yaml")
    catalogue = load_catalogue(DEFAULT_LIBRARY / "catalogue.yaml")
    deal = load_deal(path, catalogue)
    assessment = quote(deal, library, policy, catalogue).assessment
    kept = path.read_text("utf-8").partition(HEAD)[0]
    return kept + HEAD + "".join(decision_text(one, assessment) for one in deal.decisions)


def decision_text(decision: Decision, assessment: Assessment) -> str:
    """Return a decision as YAML, with what its role sees now."""
    lines = [
        f"  - role: {decision.role}",
        f"    person: {decision.person}",
        f"    verdict: {decision.verdict}",
        f"    at: {decision.at.isoformat().replace('+00:00', 'Z')}",
        f"    policy: {assessment.policy}",
    ]
    if decision.conditions:
        lines.append(f"    conditions: {decision.conditions}")
    lines.append("    seen:")
    for seen in seen_by(assessment, decision.role, decision.verdict):
        lines += [
            f"      - rule: {seen.rule}",
            f"        subject: {seen.subject}",
            f'        tested: "{seen.tested}"',
        ]
        if seen.passage:
            lines.append(f"        passage: {seen.passage}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name in map(Path, sys.argv[1:]):
        if HEAD in name.read_text("utf-8"):
            name.write_text(rewritten(name), "utf-8")
