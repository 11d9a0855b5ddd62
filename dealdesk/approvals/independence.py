"""Who may decide: not who sells, submits or wrote it, and in one role only (core-model I7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dealdesk.deals.deal import Decision
from dealdesk.kernel.authors import names_in


@dataclass(frozen=True, slots=True)
class Who:
    """A person as a deal names them, with their id where it is known."""

    name: str
    id: int | None = None

    def is_same(self, other: "Who") -> bool:
        """Tell whether two are one person: by ids where both are known, else by name."""
        if self.id is not None and other.id is not None:
            return self.id == other.id
        return same_person(self.name) == same_person(other.name)


@dataclass(frozen=True, slots=True)
class People:
    """The people of a deal; `authors` names all who wrote at the passage of an instance.

    Ids are None where a deal's file alone names its people.
    """

    owner: str
    submitter: str
    authors: Mapping[str, str]
    owner_id: int | None = None
    submitter_id: int | None = None

    @property
    def owned_by(self) -> Who:
        """Who owns the deal."""
        return Who(self.owner, self.owner_id)

    @property
    def submitted_by(self) -> Who:
        """Who submitted it."""
        return Who(self.submitter, self.submitter_id)


def dependence(
    decision: Decision, decisions: Sequence[Decision], people: People
) -> tuple[str, ...]:
    """Return a sentence for each reason why this person's decision does not count.

    Administrators are people like any other. A person who decides in two roles counts in the
    role that they decided in first.
    """
    person = Who(decision.person, decision.person_id)
    faults = []
    if person.is_same(people.owned_by):
        faults.append(f"{decision.person} owns the deal and can't decide on it.")
    elif person.is_same(people.submitted_by):
        faults.append(f"{decision.person} submitted the deal and can't decide on it.")
    written = [
        seen.subject for seen in decision.seen if has_written(decision.person, seen.subject, people)
    ]
    faults += [
        f"{decision.person} wrote “{subject}” and can't decide on it." for subject in written
    ]
    own = (one for one in decisions if person.is_same(Who(one.person, one.person_id)))
    first = min(own, key=lambda one: one.at)
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
