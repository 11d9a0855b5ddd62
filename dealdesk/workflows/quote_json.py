"""A quote as JSON: the documented answer of `dealdesk quote --json` (schema quote/1)."""

import json
from datetime import date
from importlib import resources

from dealdesk.approvals.assessment import Reason, Requirement, TraceStep, WalkAway
from dealdesk.approvals.facts import exact_text
from dealdesk.deals.amounts import decimal_of
from dealdesk.deals.deal import Decision
from dealdesk.deals.figures import DEFINITIONS, BookFigures, OrderFigures
from dealdesk.deals.periods import contract_years
from dealdesk.deals.pricing import PricedLine
from dealdesk.deals.schedule import Instalment, payment_rule
from dealdesk.kernel.hashing import Json
from dealdesk.terms.money import Money
from dealdesk.workflows.findings import DealFinding
from dealdesk.workflows.quoting import Quote

SCHEMA_VERSION = "quote/1"


def quote_json(quote: Quote) -> dict[str, Json]:
    """Return the quote as plain JSON: money and percentages are strings, dates ISO 8601."""
    order = quote.priced.order
    return {
        "schema_version": SCHEMA_VERSION,
        "deal": quote.deal.number,
        "title": quote.deal.title,
        "customer": quote.deal.customer.name,
        "policy": quote.assessment.policy,
        "text_sha256": quote.version.hashes.text,
        "order": {
            "start": order.start.isoformat(),
            "end": order.term.end.isoformat(),
            "months": order.months,
            "kind": "expansion" if order.is_expansion else "order",
            "evergreen": order.evergreen,
            "billing": order.billing.value,
            "payment": payment_rule(order),
            "rounding": order.rounding.value,
            "proration": order.proration.value,
            "options": [
                {"months": option.months, "amount": _amount(option.amount)}
                for option in order.options
            ],
        },
        "definitions": definitions(quote.priced),
        "books": [_book(book, quote.priced) for book in quote.priced.books],
        "approvals": approvals_json(quote),
        "findings": [_finding(finding) for finding in quote.findings],
        "is_blocked": bool(quote.standing.blocked),
    }


def approvals_json(quote: Quote) -> dict[str, Json]:
    """Return what has to be decided, what is open, what blocks, and the trace of every test."""
    standing = quote.standing
    return {
        "policy": quote.assessment.policy,
        "required": [_requirement(one) for one in quote.assessment.requirements],
        "open": [_requirement(one) for one in standing.open],
        "covered": [
            {"role": one.role, "by": _decision(one.decision), **_reason(one.reason)}
            for one in standing.covered
        ],
        "walk_aways": [
            _walk_away(one, is_blocking=one in standing.blocked)
            for one in quote.assessment.walk_aways
        ],
        "not_counted": [
            {**_decision(one.decision), "faults": list(one.faults)} for one in standing.not_counted
        ],
        "trace": [_step(step) for step in quote.assessment.trace],
    }


def definitions(priced: OrderFigures) -> dict[str, str]:
    """Return what each figure means, with the definition of ACV that the order uses."""
    shared = {name: text for name, text in DEFINITIONS.items() if not name.startswith("acv")}
    return {**shared, "acv": priced.acv_definition()}


def _amount(money: Money) -> str:
    return str(money.rounded().amount)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _book(book: BookFigures, priced: OrderFigures) -> Json:
    blended = book.discount_blended
    return {
        "party": book.party,
        "currency": book.currency,
        "lines": [_line(line) for line in book.lines],
        "years": [
            {
                "start": year.start.isoformat(),
                "end": year.end.isoformat(),
                "amount": _amount(amount),
            }
            for year, amount in zip(contract_years(priced.order.term), book.yearly, strict=True)
        ],
        "recurring": _amount(book.recurring),
        "one_time": _amount(book.one_time),
        "tcv": _amount(book.tcv),
        "acv": _amount(book.acv),
        "arr_entry": _amount(book.arr_entry),
        "arr_exit": _amount(book.arr_exit),
        "mrr": _amount(book.mrr),
        "discount_highest_pct": f"{book.discount_highest:f}",
        "discount_blended_pct": None if blended is None else str(decimal_of(blended, 4)),
        "discount_blended_exact": None if blended is None else exact_text(blended),
        "instalments": [_instalment(one) for one in book.instalments],
    }


def _line(priced: PricedLine) -> Json:
    line = priced.line
    return {
        "id": line.id,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "per": line.per.value,
        "list_unit": str(priced.list_unit.amount),
        "discount_pct": f"{line.discount:f}",
        "net_unit": str(priced.net_unit.amount),
        "start": priced.period.start.isoformat(),
        "end": priced.period.end.isoformat(),
        "months": exact_text(priced.months),
        "recurring": line.is_recurring,
        "amount": _amount(priced.amount),
    }


def _instalment(one: Instalment) -> Json:
    return {
        "invoice_on": one.invoice_on.isoformat(),
        "due_on": _day(one.due_on),
        "from": one.covers.start.isoformat(),
        "to": one.covers.end.isoformat(),
        "amount": _amount(one.amount),
    }


def _reason(reason: Reason) -> dict[str, Json]:
    return {
        "rule": reason.rule,
        "subject": reason.subject,
        "tested": reason.tested,
        "threshold": reason.threshold,
        "passage": reason.passage,
        "message": reason.message,
    }


def _requirement(requirement: Requirement) -> Json:
    return {
        "role": requirement.role,
        "title": requirement.title,
        "stage": requirement.stage,
        "reasons": [_reason(reason) for reason in requirement.reasons],
    }


def _walk_away(walk_away: WalkAway, *, is_blocking: bool) -> Json:
    return {
        "is_blocking": is_blocking,
        "exception_roles": list(walk_away.exception_roles),
        **_reason(walk_away.reason),
    }


def _decision(decision: Decision) -> dict[str, Json]:
    return {
        "role": decision.role,
        "person": decision.person,
        "verdict": decision.verdict.value,
        "at": decision.at.isoformat(),
        "conditions": decision.conditions,
    }


def _step(step: TraceStep) -> Json:
    return {
        "rule": step.rule,
        "subject": step.subject,
        "tested": step.tested,
        "threshold": step.threshold,
        "roles": list(step.roles),
    }


def _finding(finding: DealFinding) -> Json:
    return {
        "rule": finding.problem.code,
        "level": finding.level,
        "message": finding.problem.message,
        "place": str(finding.problem.place),
    }


def quote_schema() -> Json:
    """Return the published JSON Schema (2020-12) of the answer."""
    text = resources.files("dealdesk.workflows").joinpath("schemas/quote-1.json").read_text("utf-8")
    schema: Json = json.loads(text)
    return schema
