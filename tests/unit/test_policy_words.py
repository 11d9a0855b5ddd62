"""A policy reads as sentences: rules that rise and fall, figures together, what is on record."""

from fractions import Fraction

from dealdesk.approvals.policy import Binding, BindingKind, LadderRule, LadderStep, TogetherRule
from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.workflows.policy_words import capability_words, rule_words

POLICY = load_policy(DEFAULT_LIBRARY / "policies" / "approval.yaml")


def test_every_rule_of_the_shipped_policy_is_a_sentence() -> None:
    for rule in POLICY.rules:
        sentences = list(rule_words(rule, POLICY))
        assert sentences, rule.id
        assert all(one[:1].isupper() and one.endswith(".") for one in sentences), sentences


def test_a_falling_ladder_says_below_and_its_unit() -> None:
    rule = LadderRule(
        "r",
        ("severity/matrix.sev1.response:minutes",),
        (LadderStep(Fraction(60), inclusive=False, roles=("support_head",), falling=True),),
        Binding(BindingKind.NO_LOWER),
    )
    assert list(rule_words(rule, POLICY)) == [
        "Severity, matrix sev1 response in minutes below 60: Head of support."
    ]


def test_figures_together_are_one_sentence() -> None:
    limits = (("discount_highest", Fraction(20)), ("payment_days", Fraction(45)))
    (told,) = rule_words(TogetherRule("r", limits, ("cfo",)), POLICY)
    figures, _, who = told.partition(": ")
    assert figures == "Highest discount, in percent, above 20 together with days to pay above 45"
    assert who == "Chief financial officer."


def test_the_record_of_what_the_service_can_do_is_told() -> None:
    assert POLICY.capability is not None
    told = list(capability_words(POLICY.capability))
    assert told[0] == "One region carries 99.95 %."
    assert "Support is at work Mon, Tue, Wed, Thu, Fri, 07:00 to 18:00 (Europe/Berlin)." in told
    assert told[-1] == "The record is good until 2027-06-30."
