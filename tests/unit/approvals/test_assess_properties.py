"""What holds for any deal under policy P: nothing is asked twice, nothing goes unexplained."""

from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dealdesk.approvals.facts import DealFacts, Figure
from dealdesk.approvals.policy import LadderRule
from dealdesk.approvals.policy_file import load_policy
from dealdesk.approvals.rules import assess

POLICY = load_policy(Path(__file__).parents[2] / "library" / "policies" / "approval.yaml")
percents = st.fractions(min_value=0, max_value=100, max_denominator=10_000)
deals = st.fixed_dictionaries(
    {
        "discount_highest": percents,
        "discount_blended": percents,
        "payment_days": st.integers(0, 365).map(Fraction),
        "term_months": st.integers(1, 120).map(Fraction),
        "tcv_policy": st.integers(0, 10**8).map(Fraction),
        "uptime/target": percents,
    }
)


def facts(values: dict[str, Fraction]) -> DealFacts:
    return DealFacts({n: Figure(n, n, v, str(v)) for n, v in values.items()}, {})


@given(deals)
def test_roles_are_asked_once_in_the_order_of_the_stages(values: dict[str, Fraction]) -> None:
    found = assess(facts(values), POLICY)
    assert len(set(found.roles)) == len(found.roles)
    stages = [requirement.stage for requirement in found.requirements]
    assert stages == sorted(stages)
    assert all(requirement.reasons for requirement in found.requirements)


@given(deals)
def test_every_reason_stands_in_the_trace_with_its_role(values: dict[str, Fraction]) -> None:
    found = assess(facts(values), POLICY)
    traced = {(s.rule, s.subject, role) for s in found.trace for role in s.roles}
    asked = {
        (reason.rule, reason.subject, requirement.role)
        for requirement in found.requirements
        for reason in requirement.reasons
    }
    assert asked == traced


@given(deals, percents)
def test_a_deeper_discount_never_climbs_down_the_ladder(
    values: dict[str, Fraction], more: Fraction
) -> None:
    ladder = next(rule for rule in POLICY.rules if isinstance(rule, LadderRule))
    deeper = {**values, "discount_highest": max(values["discount_highest"], more)}

    def step(of: dict[str, Fraction]) -> int:
        highest = max(of["discount_highest"], of["discount_blended"])
        roles = {s.roles for s in assess(facts(of), POLICY).trace if s.rule == "discount"} - {()}
        reached = [i for i, one in enumerate(ladder.steps) if one.is_reached_by(highest)]
        assert roles == ({ladder.steps[reached[-1]].roles} if reached else set())
        return len(reached)

    assert step(deeper) >= step(values)
