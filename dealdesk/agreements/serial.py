"""Inputs as JSON and back: what a version stores, and what its inputs hash is taken over."""

from dealdesk.agreements.model import Choice, Inputs, Origin, Override, Signer
from dealdesk.deals import order, periods
from dealdesk.documents import tree
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.tagged_json import TaggedJson
from dealdesk.terms import calendars, money, values

_JSON = TaggedJson(
    Inputs, Choice, Override, Origin, Signer,
    order.Order, order.Line, order.Book, order.OptionalTerm, order.CoTerm, order.Pilot,
    order.FxRates, order.Payment, order.Per, order.Rounding, order.Proration, order.AcvBasis,
    order.Billing, order.PaymentFrom, periods.Period,
    money.Money, values.Percent, values.Multiple, values.Integer, values.Duration, values.Day,
    values.DateRule, values.Option, values.OptionSet, values.Party, values.TextValue,
    values.Nothing, values.Row, values.Table, values.Unit, values.Anchor, values.ValueRef,
    calendars.Calendar, calendars.OpenInterval, calendars.ClosedDate,
    tree.Text, tree.Definition, tree.Term, tree.Ref, tree.Occurrence, tree.Style, tree.Clause,
    tree.Paragraph, tree.TableBlock, tree.TableRow, tree.TableColumn, tree.Align,
    tree.SignatureBlock,
)  # fmt: skip


class InputsError(DomainError):
    """Stored inputs that are not inputs."""


def inputs_json(inputs: Inputs) -> Json:
    """Return the JSON of inputs; the same inputs give the same canonical JSON."""
    return _JSON.write(inputs)


def inputs_from_json(data: Json) -> Inputs:
    """Return the inputs that JSON states. Raise InputsError for anything else."""
    inputs = _JSON.read(data)
    if not isinstance(inputs, Inputs):
        raise InputsError.of("not-inputs", "The stored data does not hold the inputs of a version.")
    return inputs
