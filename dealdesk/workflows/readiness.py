"""What stands between a deal and its signature: one function lists it all (I12)."""

from collections.abc import Iterator

from dealdesk.kernel.errors import Place, Problem
from dealdesk.workflows.quoting import Quote


def blockers(quote: Quote) -> Iterator[Problem]:
    """Yield each blocked position and each open requirement, with its reasons."""
    for blocked in quote.standing.blocked:
        roles = " and ".join(role.replace("_", " ") for role in blocked.exception_roles)
        yield Problem(
            "position-blocked",
            blocked.reason.message,
            Place(path=blocked.reason.subject),
            f"Counter it, or have {roles} record an exception.",
        )
    for requirement in quote.standing.open:
        for reason in requirement.reasons:
            yield Problem(
                "requirement-open",
                f"{requirement.title} has to decide: {reason.message}",
                Place(path=reason.subject),
            )
