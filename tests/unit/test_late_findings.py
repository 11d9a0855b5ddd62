"""Findings that nobody reads are not looked for; those that somebody reads, once."""

from dealdesk.kernel.errors import Problem
from dealdesk.workflows.findings import DealFinding, LateFindings

FOUND = (
    DealFinding("error", Problem("one", "The first.")),
    DealFinding("warning", Problem("two", "The second.")),
)


def test_findings_are_looked_for_when_read_and_once() -> None:
    looks: list[str] = []

    def look() -> tuple[DealFinding, ...]:
        looks.append("a look")
        return FOUND

    findings = LateFindings(look)
    assert looks == []
    assert (len(findings), bool(findings), tuple(findings)) == (2, True, FOUND)
    assert (findings[1], findings[:1]) == (FOUND[1], FOUND[:1])
    assert looks == ["a look"]


def test_none_found_is_none() -> None:
    assert not LateFindings(tuple)
