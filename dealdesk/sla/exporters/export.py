"""What an export is: files, and for each promise how faithfully the target can keep it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dealdesk.kernel.hashing import Json
from dealdesk.sla.model import SlaTerms


class Faithful(StrEnum):
    """How a promise fares in the target system."""

    EXACT = "exact"
    APPROXIMATED = "approximated"
    NOT_EXPRESSIBLE = "not_expressible"


@dataclass(frozen=True, slots=True)
class Fidelity:
    """One promise, how it fares, and why."""

    promise: str
    kept: Faithful
    reason: str

    def to_json(self) -> Json:
        """Return the entry as the command line prints it."""
        return {"promise": self.promise, "kept": self.kept.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file for the target system."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Export:
    """The files for a target system, and the fidelity list that goes with them."""

    target: str
    files: tuple[ExportedFile, ...]
    fidelity: tuple[Fidelity, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What the terms can't know of a target: its priorities for severities, its own customer id.

    An empty map takes the default by rank; an empty id matches the customer by name or tag.
    """

    severity_map: Mapping[str, str] = field(default_factory=dict)
    customer_id: str = ""


Exporter = Callable[[SlaTerms, Options], Export]


@dataclass(frozen=True, slots=True)
class System:
    """A system that terms are exported to; `priorities` are its own, most urgent first.

    A system without priorities takes severities by their names. `id_form` is the regular
    expression of a customer's id there, "" where the system is not told one.
    """

    name: str
    title: str
    export: Exporter
    priorities: tuple[str, ...] = ()
    id_form: str = ""
