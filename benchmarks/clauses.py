"""Measure the clause library: loading it, assembling the strategic agreement, trying the policy."""

from functools import partial
from pathlib import Path

from benchmarks.quote import median_ms
from dealdesk.agreements.assembly import assemble, make_version
from dealdesk.agreements.model import Inputs
from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.workflows.policy_simulation import (
    Bench,
    PolicySamples,
    load_policy_samples,
    simulate,
)
from dealdesk.workflows.sample_passages import sample_choices

SHIPPED = Path(__file__).resolve().parents[1] / "clause_library"
ASSEMBLY_REACH_MS = 50.0


def measure() -> list[dict[str, object]]:
    """Return one row per task, with the shipped library."""
    library = load_library(SHIPPED)
    inputs = _strategic(library)
    words = sum(len(clause.files) for clause in library.clauses.values())
    samples = load_policy_samples(SHIPPED / "policies" / "approval-samples.yaml")
    bench = Bench(
        library,
        load_policy(SHIPPED / "policies" / "approval.yaml"),
        load_catalogue(SHIPPED / "catalogue.yaml"),
    )
    one = PolicySamples(samples.deal, samples.cases[:1])
    rows = (
        (f"load the library, {words} files", partial(load_library, SHIPPED), ""),
        ("assemble the strategic agreement", partial(assemble, inputs, library), ASSEMBLY_REACH_MS),
        ("the same with all hashes", partial(make_version, inputs, library), ASSEMBLY_REACH_MS),
        ("try one case of a policy", partial(simulate, one, bench), ""),
    )
    return [
        {"what": what, "median_ms": median_ms(work), "reach_ms": reach}
        for what, work, reach in rows
    ]


def _strategic(library: Library) -> Inputs:
    """Return sample inputs of the enterprise agreement with every clause that it may have."""
    return sample_choices(library.agreements["enterprise"], library, "channels", "fallback-1")
