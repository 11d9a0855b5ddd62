"""The promise of availability on the page of a decision, beside what was achieved."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dealdesk.approvals.assessment import Reason
from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.settings import Settings
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project
from dealdesk.terms.formatting import format_number
from dealdesk.terms.locales import locale_of
from dealdesk.web.keeping import MONTHS, Kept, kept_promise
from dealdesk.web.languages import current_language
from dealdesk.web.promise_words import promise_in_short
from dealdesk.workflows.quoting import Quote

_PROMISED = "availability."


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised, and how the last months would have fared under it.

    `kept` is None where there is no record of availability; `is_mine` tells whether the one who
    decides is asked for a clause that says the promise.
    """

    says: str
    kept: Kept | None
    is_mine: bool

    @property
    def covered(self) -> int:
        """Of how many of the last periods the record knows enough."""
        keep = self.kept.keep if self.kept else None
        return len(keep.periods) - len(keep.not_covered) if keep else 0

    @property
    def credits(self) -> str:
        """What credits would have been due, in percent of a period's fee."""
        keep = self.kept.keep if self.kept else None
        share = keep.credit_percent if keep else Fraction(0)
        hundredths = Decimal(round(share * 100)).scaleb(-2)
        return format_number(hundredths, locale_of(current_language()))

    @property
    def asked_for(self) -> int:
        """Over how many of the last months the record is asked."""
        return MONTHS


def promise_of(
    quote: Quote, library: Library, settings: Settings, mine: Sequence[Reason]
) -> Promise | None:
    """Return the promise that a quote makes; None where its terms promise no availability."""
    try:
        terms = read_terms(project(quote.version, library))
    except DomainError:
        return None
    if terms.availability is None:
        return None
    saying = {
        choice.instance_id
        for choice in quote.version.inputs.choices
        if (clause := library.clauses.get(choice.clause_id)) is not None
        and any(one.export.startswith(_PROMISED) for one in clause.variables)
    }
    return Promise(
        says=promise_in_short(terms.availability),
        kept=kept_promise(quote, library, settings),
        is_mine=any(one.subject.partition("/")[0] in saying for one in mine),
    )
