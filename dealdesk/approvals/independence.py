"""Who may decide: not who sells, submits or wrote it, and in one role only (core-model I7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dealdesk.deals.deal import Decision
from dealdesk.kernel.authors import names_in


@dataclass(frozen=True, slots=True)
class People:
    """The people of a deal; `authors` names all who wrote at the passage of an instance."""

    owner: str
    submitter: str
    authors: Mapping[str, str]


def dependence(
    decision: Decision, decisions: Sequence[Decision], people: People
) -> tuple[str, ...]:
    """Return a sentence for each reason why this person's decision does not count.

    Administrators are people like any other. A person who decides in two roles counts in the
    role that they decided in first.
    """
    person = same_person(decision.person)
    faults = []
    if person == same_person(people.owner):
        faults.append(f"{decision.person} owns the deal and can't decide on it.")
    if person == same_person(people.submitter) != same_person(people.owner):
        faults.append(f"{decision.person} submitted the deal and can't decide on it.")
    written = [
        seen.subject for seen in decision.seen if has_written(decision.person, seen.subject, people)
    ]
    faults += [
        f"{decision.person} wrote “{subject}” and can't decide on it." for subject in written
    ]
    first = min((d for d in decisions if same_person(d.person) == person), key=lambda d: d.at)
    if first.role != decision.role:
        faults.append(f"{decision.person} decided as {first.role} already.")
    return tuple(faults)


def has_written(person: str, subject: str, people: People) -> bool:
    """Tell whether somebody is among those who wrote the passage that a reason is about."""
    authors = names_in(people.authors.get(subject.partition("/")[0], ""))
    return same_person(person) in set(map(same_person, authors))


def same_person(name: str) -> str:
    """Return a name as it is compared: case and spacing do not make another person."""
    return " ".join(name.casefold().split())
