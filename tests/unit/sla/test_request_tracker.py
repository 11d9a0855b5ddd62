"""The export to Request Tracker is what its golden file says, with its fidelity list."""

import os
from pathlib import Path

import pytest

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.exporters.export import Faithful
from dealdesk.sla.exporters.registry import export_terms
from dealdesk.sla.exporters.request_tracker import quoted
from dealdesk.sla.model import SlaTerms, load_terms
from dealdesk.sla.projection import project
from tests.enterprise import rich_quote, shipped_library

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "rt" / "placeholder-robotics.pm"


def terms() -> SlaTerms:
    return load_terms(canonical_json(project(rich_quote().version, shipped_library())))


def without_hash(text: str) -> str:
    """The first line names the text; the golden file is about what RT reads."""
    return "\n".join(text.splitlines()[1:]) + "\n"


def test_the_export_is_the_golden_file() -> None:
    (file,) = export_terms(terms(), "rt").files
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(without_hash(file.text), "utf-8")
    assert without_hash(file.text) == GOLDEN.read_text("utf-8")


def test_each_promise_stands_in_the_fidelity_list() -> None:
    fidelity = {entry.promise: entry.kept for entry in export_terms(terms(), "rt").fidelity}
    for target in terms().targets:
        assert f"{target.severity} {target.metric.replace('_', ' ')}" in fidelity
    assert fidelity["sev1 first response"] is Faithful.EXACT
    assert fidelity["sev3 first response"] is Faithful.APPROXIMATED
    assert fidelity["customer of a ticket"] is Faithful.NOT_EXPRESSIBLE


def test_names_can_not_break_out_of_perl_strings() -> None:
    assert quoted("O'Hara \\ Sons'; system('x')") == "'O\\'Hara \\\\ Sons\\'; system(\\'x\\')'"


def test_an_unknown_target_is_refused_with_those_that_exist() -> None:
    with pytest.raises(DomainError, match=r"There is no export for “fax”\. Use one of rt"):
        export_terms(terms(), "fax")
