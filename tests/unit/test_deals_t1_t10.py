"""The ten test deals: every figure and every approval of shared/cases/test-deals.md, exactly."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from dealdesk.approvals.coverage import seen_now
from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import load_library
from dealdesk.deals.amounts import decimal_of
from dealdesk.deals.deal import Deal, Decision, Verdict
from dealdesk.deals.deal_file import load_deal
from dealdesk.deals.figures import BookFigures, price_order
from dealdesk.deals.order import Proration, Rounding
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import locale_of
from dealdesk.workflows.quoting import Quote, quote

TESTS = Path(__file__).parents[1]
LIBRARY = load_library(TESTS / "library")
POLICY = load_policy(TESTS / "library" / "policies" / "approval.yaml")


@cache
def deal(name: str) -> Deal:
    return load_deal(TESTS / "deals" / f"{name}.yaml")


@cache
def quoted(name: str) -> Quote:
    return quote(deal(name), LIBRARY, POLICY)


def main_book(name: str) -> BookFigures:
    return quoted(name).priced.main


def roles(name: str) -> set[str]:
    asked = quoted(name).assessment.roles
    assert len(asked) == len(set(asked)), "a role is asked once"
    return set(asked)


def yearly(name: str) -> list[str]:
    return [str(amount.amount) for amount in main_book(name).yearly]


def test_t1_simple_year() -> None:
    book = main_book("T1")
    assert str(book.tcv.amount) == "30000.00"
    assert str(book.acv.amount) == "30000.00"
    assert str(book.arr_entry.amount) == "30000.00"
    assert str(book.mrr.amount) == "2500.00"
    assert [(one.invoice_on, one.due_on) for one in book.instalments] == [
        (date(2027, 1, 1), date(2027, 1, 31))
    ]
    assert roles("T1") == set()
    assert quoted("T1").standing.is_clear


def test_t2_three_years_at_a_discount() -> None:
    book = main_book("T2")
    assert str(book.lines[0].net_unit.amount) == "393.60"
    assert str(book.tcv.amount) == "141696.00"
    assert str(book.arr_entry.amount) == "47232.00"
    assert str(book.mrr.amount) == "3936.00"
    assert roles("T2") == {"sales_manager", "deal_desk", "commercial_counsel"}


def test_t3_ramp() -> None:
    book = main_book("T3")
    assert [str(line.net_unit.amount) for line in book.lines[:3]] == ["421.20", "405.00", "388.80"]
    assert yearly("T3") == ["84240.00", "141750.00", "194400.00"]
    assert str(book.recurring.amount) == "420390.00"
    assert str(book.tcv.amount) == "465390.00"
    assert str(book.acv.amount) == "140130.00"
    assert str(book.arr_entry.amount) == "84240.00"
    assert str(book.arr_exit.amount) == "194400.00"
    assert book.discount_blended is not None
    assert str(decimal_of(book.discount_blended, 4)) == "25.8571"
    assert roles("T3") == {"vp_sales"}


@pytest.mark.parametrize(
    ("convention", "amount"),
    [
        (Proration.ACTUAL_365, "52076.71"),
        (Proration.ACTUAL_366, "51934.43"),
        (Proration.THIRTY_360, "51900.00"),
        (Proration.MONTHS_FIRST_PARTIAL, "51900.00"),
        (Proration.MONTHS_LAST_PARTIAL, "51967.74"),
    ],
)
def test_t4_add_on_by_convention(convention: Proration, amount: str) -> None:
    order = replace(deal("T4").order, proration=convention)
    assert str(price_order(order).main.tcv.amount) == amount


def test_t4_add_on_is_an_expansion_that_leaves_its_base_alone() -> None:
    order = deal("T4").order
    assert order.is_expansion
    assert order.coterm is not None
    assert order.term.end == order.coterm.ends_on == date(2028, 10, 31)
    assert order.term.days == 352
    assert str(main_book("T4").arr_entry.amount) == "54000.00"
    assert roles("T4") == set()


def test_t5_euros_rounded_at_the_unit_and_at_the_line() -> None:
    book = main_book("T5")
    assert str(book.tcv.amount) == "75583.63"
    by_line = price_order(replace(deal("T5").order, rounding=Rounding.LINE)).main
    assert str(by_line.tcv.amount) == "75579.46"
    assert format_money(book.tcv, locale_of("de")) == "75.583,63 €"
    wanted = {"cro", "finance", "general_counsel", "commercial_counsel", "ciso"}
    assert roles("T5") == wanted


def test_t6_public_call_off() -> None:
    book = main_book("T6")
    assert str(book.tcv.amount) == "440000.00"
    amounts = [str(one.amount.amount) for one in book.instalments]
    assert amounts == ["18333.33"] * 23 + ["18333.41"]
    assert str(deal("T6").order.options[0].amount.amount) == "220000.00"
    assert roles("T6") == {"general_counsel", "risk"}
    risk = next(one for one in quoted("T6").assessment.requirements if one.role == "risk")
    assert [reason.message for reason in risk.reasons] == [
        "Employers liability insurance is not on file."
    ]


def test_t7_hospital() -> None:
    book = main_book("T7")
    assert str(book.arr_entry.amount) == "1200000.00"
    assert str(book.tcv.amount) == "3600000.00"
    assert roles("T7") == {
        "sales_manager",
        "cfo",
        "engineering",
        "commercial_counsel",
        "general_counsel",
        "ciso",
        "risk",
        "support_head",
    }


def test_t8_bank() -> None:
    assert yearly("T8") == ["850000.00", "875500.00", "901765.00", "928817.95", "956682.49"]
    assert str(main_book("T8").tcv.amount) == "4512765.44"
    blocked = {one.reason.subject for one in quoted("T8").standing.blocked}
    assert blocked == {
        "escrow-change-of-control",
        "mfn",
        "audit",
        "termination-refund",
        "uncapped-breach",
        "insurance",
    }


def test_t8_is_blocked_until_both_roles_record_each_exception() -> None:
    seen = tuple(seen_now(one.reason) for one in quoted("T8").assessment.walk_aways)
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    by_counsel = Decision("general_counsel", "Gail", Verdict.EXCEPTION, at, POLICY.key, seen)
    by_cfo = Decision("cfo", "Fred", Verdict.EXCEPTION, at, POLICY.key, seen[1:])
    decided = replace(deal("T8"), decisions=(by_counsel, by_cfo))
    blocked = quote(decided, LIBRARY, POLICY).standing.blocked
    assert [one.reason.subject for one in blocked] == [seen[0].subject]


def test_t9_start_up_by_the_month() -> None:
    book = main_book("T9")
    assert [(one.invoice_on, str(one.amount.amount)) for one in book.instalments] == [
        (date(2028, 2, 10), "682.76"),
        (date(2028, 3, 1), "990.00"),
    ]
    assert book.instalments[0].covers.days == 20
    assert str(book.tcv.amount) == "990.00"
    assert roles("T9") == {"deal_desk", "finance"}


def test_t10_three_currencies_and_a_ramp_down() -> None:
    book = main_book("T10")
    assert str(book.tcv.amount) == "4235000.00"
    assert str(book.acv.amount) == "847000.00"
    assert str(book.arr_exit.amount) == "735000.00"
    first_year = quoted("T10").facts.figures["first_year_policy"]
    assert first_year.value == Decimal("1923600.00")
    assert roles("T10") == {"cfo", "deal_desk", "finance"}
    jpy = quoted("T10").priced.books[2]
    assert (jpy.party, str(jpy.tcv.amount)) == ("Example Nippon KK", "48000000")


def test_after_approval_only_what_changed_lapses() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    decisions = tuple(
        Decision(
            requirement.role,
            f"Decider {number}",
            Verdict.APPROVED,
            at,
            POLICY.key,
            tuple(map(seen_now, requirement.reasons)),
        )
        for number, requirement in enumerate(quoted("T7").assessment.requirements)
    )
    approved = replace(deal("T7"), decisions=decisions)
    assert quote(approved, LIBRARY, POLICY).standing.is_clear
    choices = tuple(
        replace(one, values={**one.values, "breach_hours": "36 hours"})
        if one.instance == "data-protection"
        else one
        for one in approved.choices
    )
    found = quote(replace(approved, choices=choices), LIBRARY, POLICY).standing
    assert {(one.role, reason.subject) for one in found.open for reason in one.reasons} == {
        ("commercial_counsel", "data-protection"),
        ("ciso", "data-protection"),
    }
