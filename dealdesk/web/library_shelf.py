"""The library as pages show it: families with ladders, one clause with its positions."""

from threading import Lock

from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import NotFoundError
from dealdesk.kernel.remembered import Remembered
from dealdesk.web.steps import rules_now
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.library_book import Book, BookClause, book_of

# A library is named by the hash of its files; the present one and the one before are kept.
_BOOKS: Remembered[str, Book] = Remembered(2)
_lock = Lock()


def shelf() -> Book:
    """Return the library in force as a book; printing every position takes a second, once."""
    rules = rules_now()
    return book_for(rules.library, rules)


def book_for(library: Library, rules: Rules) -> Book:
    """Return a library as a book."""
    # Printing every position takes a second: whoever else wants the same book waits for it.
    with _lock:
        return _BOOKS.made(library.sha256, lambda: book_of(library, rules.policy))


def clause_on(book: Book, clause_id: str) -> BookClause:
    """Return one clause of a book. Raise NotFoundError where there is none."""
    for family in book.families:
        for one in family.clauses:
            if one.clause.id == clause_id:
                return one
    raise NotFoundError.of("no-such-clause", f"The library has no clause {clause_id}.")
