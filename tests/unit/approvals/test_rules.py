"""Policy P on small facts: ladders at their edges, the stricter figure, clauses, the trace."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from dealdesk.approvals.facts import ClauseFact, DealFacts, Figure, InsuranceAsk, exact_text
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.policy_file import load_policy
from dealdesk.approvals.rules import assess
from dealdesk.clauses.model import Rank
from dealdesk.terms.money import Money

POLICY_FILE = Path(__file__).parents[2] / "library" / "policies" / "approval.yaml"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(POLICY_FILE)


def figures(**values: str) -> DealFacts:
    return DealFacts(
        {
            name.replace("__", "/"): Figure(name.replace("__", "/"), name, Fraction(value), value)
            for name, value in values.items()
        },
        {},
    )


def clause(rank: Rank, order: int, *tags: str, free_text: bool = False) -> ClauseFact:
    position = {Rank.FALLBACK: f"fallback-{order}", Rank.WALK_AWAY: "walk-away"}.get(rank, rank)
    return ClauseFact(
        instance="dpa",
        clause="dpa",
        family="data",
        title="Data protection",
        position=str(position),
        rank=rank,
        order=order,
        passage="0" * 64,
        tags=tags,
        free_text=free_text,
    )


@pytest.mark.parametrize(
    ("discount", "roles"),
    [
        ("10", ()),
        ("10.0001", ("sales_manager",)),
        ("20", ("sales_manager",)),
        ("30", ("vp_sales",)),
        ("33.33", ("cro",)),
        ("40", ("cro",)),
        ("40.01", ("cro", "cfo")),
    ],
)
def test_discount_ladder_at_its_edges(
    discount: str, roles: tuple[str, ...], policy: Policy
) -> None:
    assert assess(figures(discount_highest=discount), policy).roles == roles


@pytest.mark.parametrize(
    ("days", "roles"),
    [("30", ()), ("31", ("deal_desk",)), ("46", ("finance",)), ("61", ("cfo",))],
)
def test_payment_ladder_at_its_edges(days: str, roles: tuple[str, ...], policy: Policy) -> None:
    assert assess(figures(payment_days=days), policy).roles == roles


@pytest.mark.parametrize(
    ("months", "asked"), [("11", True), ("12", False), ("36", False), ("37", True)]
)
def test_term_outside_12_to_36_months(months: str, asked: bool, policy: Policy) -> None:
    roles = assess(figures(term_months=months), policy).roles
    assert roles == (("deal_desk", "finance") if asked else ())


def test_a_million_itself_needs_the_cfo(policy: Policy) -> None:
    assert assess(figures(tcv_policy="999999.99"), policy).roles == ()
    assert assess(figures(tcv_policy="1000000"), policy).roles == ("cfo",)


def test_uptime_ladder(policy: Policy) -> None:
    assert assess(figures(uptime__target="99.9"), policy).roles == ()
    assert assess(figures(uptime__target="99.95"), policy).roles == ("engineering",)
    assert assess(figures(uptime__target="99.99"), policy).roles == (
        "engineering",
        "general_counsel",
    )


def test_the_stricter_of_two_figures_wins_and_the_trace_shows_both(policy: Policy) -> None:
    found = assess(figures(discount_highest="33.33", discount_blended="20.3307"), policy)
    assert found.roles == ("cro",)
    assert [reason.subject for reason in found.requirements[0].reasons] == ["discount_highest"]
    assert [(step.subject, step.threshold, step.roles) for step in found.trace] == [
        ("discount_highest", "above 30", ("cro",)),
        ("discount_blended", "above 20", ()),
    ]


def test_a_role_is_asked_once_with_all_its_reasons(policy: Policy) -> None:
    found = assess(figures(discount_highest="45", payment_days="90", tcv_policy="2000000"), policy)
    cfo = next(one for one in found.requirements if one.role == "cfo")
    assert [reason.rule for reason in cfo.reasons] == ["discount", "payment", "contract-value"]
    assert [one.role for one in found.requirements].count("cfo") == 1


def test_a_security_clause_at_fallback_1_asks_counsel_and_ciso(policy: Policy) -> None:
    facts = DealFacts({}, {}, (clause(Rank.FALLBACK, 1, "security"),))
    assert assess(facts, policy).roles == ("commercial_counsel", "ciso")


def test_free_text_in_a_standard_clause_asks_counsel(policy: Policy) -> None:
    facts = DealFacts({}, {}, (clause(Rank.STANDARD, 0, free_text=True),))
    assert assess(facts, policy).roles == ("commercial_counsel",)


def test_a_walk_away_blocks_and_asks_nobody(policy: Policy) -> None:
    found = assess(DealFacts({}, {}, (clause(Rank.WALK_AWAY, 3),)), policy)
    assert found.roles == ()
    assert [(one.reason.subject, one.exception_roles) for one in found.walk_aways] == [
        ("dpa", ("general_counsel", "cfo"))
    ]


@pytest.mark.parametrize(
    ("coverage", "currency", "amount", "is_met"),
    [
        ("cgl", "USD", 6_000_000, True),
        ("cgl", "USD", 6_000_001, False),
        ("cgl", "GBP", 1_000_000, True),
        ("eo", "USD", 5_000_000, True),
        ("cyber", "USD", 10_000_000, False),
        ("cyber", "GBP", 4_500_000, False),
        ("cyber", "CHF", 1, False),
        ("employers_liability", "GBP", 5_000_000, False),
        ("workers_compensation", "USD", 500_000, True),
    ],
)
def test_insurance_above_the_programme_asks_risk(
    coverage: str,
    currency: str,
    amount: int,
    is_met: bool,
    policy: Policy,
) -> None:
    ask = InsuranceAsk("insurance", coverage, coverage, Money(Decimal(amount), currency), None)
    found = assess(DealFacts({}, {}, (), (ask,)), policy)
    assert found.roles == (() if is_met else ("risk",))


def test_coverages_that_share_a_limit_are_added_up(policy: Policy) -> None:
    asks = tuple(
        InsuranceAsk("insurance", one, one, Money(Decimal(3_000_000), "USD"), None)
        for one in ("eo", "cyber")
    )
    assert assess(DealFacts({}, {}, (), asks), policy).roles == ("risk",)


def test_exact_text_reads_back() -> None:
    for value in (Fraction("33.33"), Fraction(181, 7), Fraction(-1, 8), Fraction(0), Fraction(40)):
        assert Fraction(exact_text(value)) == value
