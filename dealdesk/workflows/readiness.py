"""What stands between a deal and its signature: one function lists it all (I12)."""

from collections.abc import Iterator

from dealdesk.kernel.errors import Place, Problem
from dealdesk.sla.lint import ERROR
from dealdesk.workflows.quoting import Quote


def blockers(quote: Quote) -> Iterator[Problem]:
    """Yield each blocked position, each error of the linters, and each open requirement.

    Findings count as far as the quote carries them (`with_findings`).
    """
    titles = quote.policy.roles
    for blocked in quote.standing.blocked:
        roles = " and ".join(titles.get(role, role) for role in blocked.exception_roles)
        yield Problem(
            "position-blocked",
            blocked.reason.message,
            Place(path=blocked.reason.subject),
            f"Counter it, or have {roles} record an exception.",
        )
    yield from lint_errors(quote)
    for requirement in quote.standing.open:
        for reason in requirement.reasons:
            yield Problem(
                "requirement-open",
                f"{requirement.title} has to decide: {reason.message}",
                Place(path=reason.subject),
            )


def lint_errors(quote: Quote) -> Iterator[Problem]:
    """Yield the errors that linters found in the quote's draft."""
    yield from (f.problem for f in quote.findings if f.level == ERROR)
