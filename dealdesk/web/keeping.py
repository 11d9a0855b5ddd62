"""“Can we keep it?”: the last months of the record beside a promise of availability."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from dealdesk.availability.history import History
from dealdesk.availability.history_file import read_history
from dealdesk.availability.in_force import NoObjectiveError
from dealdesk.availability.keep import Keep, can_we_keep
from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import DomainError, RefusedError
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.kernel.settings import PROJECT, Settings
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project
from dealdesk.terms.formatting import format_number
from dealdesk.terms.locales import locale_of
from dealdesk.web.languages import current_language
from dealdesk.workflows.quoting import Quote

RECORD = "availability-record.json"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """The months under the proposed terms, and where the record of them comes from.

    `keep` is None where the record or the terms can't be read; `problem` says why.
    """

    keep: Keep | None
    source: str
    problem: str = ""

    def shown(self, percent: Fraction | None) -> str:
        """Return a percentage to four decimals, never rounded up: 99.99996 is not all of it."""
        if percent is None:
            return "–"
        down = Decimal(percent * 10_000 // 1).scaleb(-4)
        return f"{format_number(down, locale_of(current_language()), 4)} %"


def kept_promise(quote: Quote, library: Library, settings: Settings) -> Kept | None:
    """Return how the last months would have fared under a quote's terms.

    None where there is no record, or where the terms are not all stated, which findings tell.
    """
    path = _record(settings)
    if path is None:
        return None
    try:
        terms = read_terms(project(quote.version, library))
    except RefusedError:
        return None
    try:
        history = _history(path, path.stat().st_mtime_ns)
        return Kept(can_we_keep(terms, history, MONTHS), path.name)
    except NoObjectiveError:
        return None
    except (DomainError, OSError) as error:
        return Kept(None, path.name, str(error))


def _record(settings: Settings) -> Path | None:
    own = settings.var / RECORD
    if own.is_file():
        return own
    demo = PROJECT / "demo" / "history.json"
    return demo if settings.is_demo and demo.is_file() else None


@lru_cache(maxsize=4)
def _history(path: Path, _changed: int) -> History:
    return read_history(read_text_file(path), str(path))
