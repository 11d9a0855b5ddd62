"""Read a value that somebody gives a variable, with what its export asks of it beside its type."""

from dealdesk.clauses.model import Variable
from dealdesk.clauses.scalars import ScalarError, read_value
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.calendars import is_zone
from dealdesk.terms.values import TextValue, Value

_ZONE = ".timezone"


def read_variable(data: Data, variable: Variable) -> Value:
    """Return the typed value that data states. Raise ScalarError with a sentence.

    What is exported as a time zone has to be one: an SLA record can't be kept in any other.
    """
    value = read_value(data, variable.type)
    if variable.export.endswith(_ZONE) and not _is_zone(value):
        raise ScalarError.of(
            "bad-zone",
            f"“{str(data)[:80]}” is not a time zone; write one such as UTC or Europe/Zurich.",
        )
    return value


def _is_zone(value: Value) -> bool:
    return isinstance(value, TextValue) and is_zone(value.text)
