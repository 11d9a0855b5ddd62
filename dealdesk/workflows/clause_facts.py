"""What approval rules look at in the chosen clauses: positions, numbers, promised insurance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from dealdesk.agreements.deviations import Deviation
from dealdesk.approvals.capability import HoursAsk
from dealdesk.approvals.facts import ClauseFact, Figure, InsuranceAsk, OwnApprover
from dealdesk.clauses.lint.template_reading import printed_variables
from dealdesk.clauses.model import Variable
from dealdesk.deals.deal import Deal
from dealdesk.deals.order import FxRates
from dealdesk.kernel.errors import DomainError
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.formatting import format_value
from dealdesk.terms.money import Money
from dealdesk.terms.value_types import TypedValue, ValueType, number_of
from dealdesk.terms.values import Duration, Integer, Percent, Table, TextValue, Unit, Value

LANGUAGE = "en"
INSURANCE_TAG = "insurance"
_MINUTES = {Unit.HOURS: 60, Unit.DAYS: 1440, Unit.WEEKS: 10_080}


def no_rate(deal: Deal, amounts: Sequence[Money], rates: FxRates, path: str) -> DomainError:
    """Return the error for amounts that no dated rate converts."""
    missing = sorted({one.currency for one in amounts if rates.converted(one) is None})
    return DomainError.of(
        "no-rate",
        f"There is no rate from {', '.join(missing)} to {rates.to}, which approvals are tested in.",
        place=deal.source.place(path),
        remedy="Add it under “fx” with its date, in the deal or in the policy.",
    )


def value_figures(deviation: Deviation, rates: FxRates, deal: Deal) -> Iterator[Figure]:
    """Yield each number that the clause's words state as a figure named `instance/variable`.

    A length of time names its unit too, `instance/variable:hours`, and one of fixed length is
    there in minutes as well, so that a rule need not ask for each unit. Money is tested in the
    policy's currency.
    """
    instance = deviation.choice.instance_id
    for variable in deviation.clause.variables:
        value = deviation.choice.values.get(variable.id)
        if value is None or not is_stated(variable.id, deviation):
            continue
        for name, typed in _cells(variable.id, TypedValue(variable.type, value)):
            tested = typed.value
            if isinstance(tested, Money):
                converted = rates.converted(tested)
                if converted is None:
                    path = f"clauses.{instance}.values.{variable.id}"
                    raise no_rate(deal, [tested], rates, path)
                tested = converted
            number = number_of(tested)
            if number is not None:
                title = f"{deviation.clause.title} ({name.replace('_', ' ').replace('.', ', ')})"
                text = format_value(typed.value, typed.type, LANGUAGE)
                for unit, amount in _units(tested, Fraction(number)):
                    yield Figure(f"{instance}/{name}{unit}", title, amount, text)
        for figure in _over_rows(variable, value):
            title = f"{deviation.clause.title} ({figure.label})"
            yield replace(figure, name=f"{instance}/{figure.name}", label=title)


def _over_rows(variable: Variable, value: Value) -> Iterator[Figure]:
    """Yield what a table's columns of percentages and counts come to: least, most and sum.

    Rows may be called anything, so that a rule on one row would miss another.
    """
    if not isinstance(value, Table) or not value.rows:
        return
    for index, column in enumerate(variable.type.columns):
        cells = [row.cells[index] for row in value.rows]
        numbers = [number_of(cell) for cell in cells if isinstance(cell, Percent | Integer)]
        known = [number for number in numbers if number is not None]
        if len(known) < len(cells):
            continue
        what = f"{variable.id}: {column.id}".replace("_", " ")
        kind = type(cells[0])
        for name, words, number in (
            ("least", "the least", min(known)),
            ("most", "the most", max(known)),
            ("sum", "all steps together", sum(known, Decimal(0))),
        ):
            text = format_value(
                Percent(number) if kind is Percent else Integer(int(number)), column.type, LANGUAGE
            )
            label = f"{what}, {words}"
            yield Figure(f"{variable.id}.{column.id}.{name}", label, Fraction(number), text)


def is_stated(variable: str, deviation: Deviation) -> bool:
    """Tell whether the chosen words print a value; free text may print any of them."""
    return deviation.choice.override is not None or variable in {
        name.partition(".")[0]
        for owner, name, _ in printed_variables(deviation.position)
        if not owner
    }


def _units(value: Value, number: Fraction) -> Iterator[tuple[str, Fraction]]:
    """Yield how a number is named after its variable: nothing, or each unit it is counted in."""
    if not isinstance(value, Duration):
        yield "", number
        return
    yield f":{value.unit}", number
    if value.unit in _MINUTES:
        yield ":minutes", number * _MINUTES[value.unit]


def hours_asks(deviation: Deviation) -> Iterator[HoursAsk]:
    """Yield each calendar of support hours that the clause would promise."""
    for value in deviation.choice.values.values():
        if isinstance(value, Calendar) and not value.always_open:
            yield HoursAsk(deviation.choice.instance_id, value)


def _cells(name: str, typed: TypedValue) -> Iterator[tuple[str, TypedValue]]:
    if not isinstance(typed.value, Table):
        yield name, typed
        return
    for row in typed.value.rows:
        for column, cell in zip(typed.type.columns, row.cells, strict=True):
            yield f"{name}.{row.key}.{column.id}", TypedValue(column.type, cell)


def clause_fact(deviation: Deviation, passage: str, owners: tuple[str, ...]) -> ClauseFact:
    """Return one chosen clause as rules see it."""
    clause, position = deviation.clause, deviation.position
    return ClauseFact(
        instance=deviation.choice.instance_id,
        clause=clause.id,
        family=clause.family,
        title=clause.title,
        position=position.id,
        rank=position.rank,
        order=position.order,
        passage=passage,
        owners=owners,
        tags=clause.tags,
        free_text=deviation.choice.override is not None,
        out_of_bounds=deviation.out_of_bounds,
        approvers=tuple(OwnApprover(one.role, one.reason) for one in deviation.approvers),
    )


def insurance_asks(deviation: Deviation) -> Iterator[InsuranceAsk]:
    """Yield each row of an insurance clause's tables that states limits in money.

    A row is a coverage; its `per_claim` and `aggregate` columns are its limits.
    """
    if INSURANCE_TAG not in deviation.clause.tags:
        return
    for variable in deviation.clause.variables:
        value = deviation.choice.values.get(variable.id)
        if isinstance(value, Table):
            for row in value.rows:
                yield _ask(deviation, variable.type, row.key, row.cells)


def _ask(deviation: Deviation, type_: ValueType, key: str, cells: Sequence[Value]) -> InsuranceAsk:
    by_column = {column.id: cell for column, cell in zip(type_.columns, cells, strict=True)}
    return InsuranceAsk(
        instance=deviation.choice.instance_id,
        coverage=key,
        title=_coverage_title(key, by_column),
        per_claim=_money(by_column.get("per_claim")),
        aggregate=_money(by_column.get("aggregate")),
    )


def _money(cell: Value | None) -> Money | None:
    return cell if isinstance(cell, Money) else None


def _coverage_title(key: str, cells: Mapping[str, Value]) -> str:
    """Return what the row calls itself in a `policy` column, else its key in words."""
    match cells.get("policy"):
        case TextValue(text=text):
            return text
        case _:
            return f"{key.replace('_', ' ').capitalize()} insurance"
