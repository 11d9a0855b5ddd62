"""Rules over the files of a clause library: text in its parsed form, variables, positions."""

from collections.abc import Iterator, Mapping
from datetime import date

from dealdesk.clauses.expressions import Expression, names_in
from dealdesk.clauses.lint.conditions import conditions_never_met
from dealdesk.clauses.lint.library_choices import (
    precedence_gaps,
    requirements_that_exclude,
)
from dealdesk.clauses.lint.library_hygiene import hidden_in_files, markup_in_files
from dealdesk.clauses.lint.library_reading import (
    always_standing,
    clauses_of,
    place_in,
    place_of,
    positions_of,
)
from dealdesk.clauses.lint.library_samples import LIBRARY_SAMPLES
from dealdesk.clauses.lint.library_terms import (
    circular_definitions,
    terms_defined_twice,
    undefined_terms,
    unmarked_terms,
    unused_definitions,
)
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.clauses.lint.template_reading import (
    TemplateRef,
    conditions_of,
    printed_variables,
    references_of,
    words_of,
)
from dealdesk.clauses.model import Clause, Library, Position, Rank
from dealdesk.kernel.errors import Place

# Instances that are no clauses: values of the order form, the parties and the agreement.
_GIVEN = frozenset({"order", "parties", "agreement"})
_SCOPES = frozenset({"facts", "position", "present"})


def _undeclared(library: Library) -> Iterator[Fault]:
    for clause, position in positions_of(library):
        for owner, name, line in printed_variables(position):
            other = library.clauses.get(owner) if owner else clause
            if owner in _GIVEN or (other is not None and other.variable(name.partition(".")[0])):
                continue
            shown = f"{owner}.{name}" if owner else name
            yield Place(position.file, line), f"No variable is called “{shown}”."


def _names(clause: Clause) -> Iterator[str]:
    """Yield every name that the clause's conditions read."""
    for position in clause.positions:
        expressions: list[Expression] = [*conditions_of(position)]
        expressions += [bound.condition for bound in position.bounds]
        expressions += [a.condition for a in position.approvers if a.condition is not None]
        for expression in expressions:
            yield from names_in(expression)


def _unknown_names(library: Library) -> Iterator[Fault]:
    for clause in library.clauses.values():
        for name in _names(clause):
            head, _, rest = name.partition(".")
            other = library.clauses.get(head)
            is_known = (
                head in _SCOPES
                or head in _GIVEN
                or clause.variable(head) is not None
                or (other is not None and other.variable(rest.partition(".")[0]) is not None)
            )
            if not is_known:
                yield (
                    place_in(clause, name),
                    f"A condition of {clause.id} reads “{name}”, which is unknown.",
                )


def _unused(library: Library) -> Iterator[Fault]:
    elsewhere = {
        (owner, name.partition(".")[0])
        for _, position in positions_of(library)
        for owner, name, _ in printed_variables(position)
    }
    for clause in library.clauses.values():
        used = {name.partition(".")[0] for name in _names(clause)}
        for position in clause.positions:
            used |= {
                n.partition(".")[0] for owner, n, _ in printed_variables(position) if not owner
            }
        for variable in clause.variables:
            if variable.id not in used and (clause.id, variable.id) not in elsewhere:
                yield (
                    place_in(clause, f"id: {variable.id}"),
                    f"Nothing uses the variable “{variable.id}” of {clause.id}.",
                )


def _unprinted_export(library: Library) -> Iterator[Fault]:
    for clause, position in positions_of(library):
        printed = {
            name.partition(".")[0] for owner, name, _ in printed_variables(position) if not owner
        }
        for variable in clause.variables:
            if variable.export and variable.id not in printed:
                message = f"“{variable.id}” is exported as {variable.export}, but not printed."
                yield Place(position.file), message


def _local_ids(clause: Clause) -> Mapping[str, set[str]]:
    """Return the block ids of each position, with those that no condition removes."""
    return {p.id: {i for i, _ in words_of(p).blocks} for p in clause.positions}


def _broken(library: Library) -> Iterator[Fault]:
    for clause, position in positions_of(library):
        for reference in references_of(position):
            target = library.clauses.get(reference.clause) if reference.clause else clause
            if target is None:
                yield _at(position, reference), f"No clause is called “{reference.clause}”."
                continue
            missing = [
                p.id
                for p in _standing(target, position, reference)
                if reference.local_id not in _local_ids(target)[p.id]
            ]
            if missing:
                where = ", ".join(missing)
                yield (
                    _at(position, reference),
                    f"“{target.id}/{reference.local_id}” does not stand in {where}.",
                )


def _standing(target: Clause, position: Position, reference: TemplateRef) -> list[Position]:
    """Return the positions of the target that can stand beside the reference."""
    return list(target.positions) if reference.clause else [position]


def _at(position: Position, reference: TemplateRef) -> Place:
    return Place(position.file, reference.line)


def _conditional(library: Library) -> Iterator[Fault]:
    for clause, position in positions_of(library):
        for reference in references_of(position):
            if reference.guarded:
                continue
            target = library.clauses.get(reference.clause) if reference.clause else clause
            for other in _standing(target, position, reference) if target else ():
                if reference.local_id in words_of(other).conditional:
                    yield (
                        _at(position, reference),
                        f"“{reference.local_id}” can be switched off in {other.id}, this one can't.",
                    )


def _optional_targets(library: Library) -> Iterator[Fault]:
    for agreement in library.agreements.values():
        optional = {s.clause for part in agreement.parts for s in part.slots if s.optional}
        for clause in clauses_of(agreement, library):
            for position in clause.positions:
                for reference in references_of(position):
                    if reference.clause in optional - {clause.id} and not reference.guarded:
                        yield (
                            _at(position, reference),
                            f"“{reference.clause}” is optional in {agreement.id}, this is not.",
                        )


def _ranks(library: Library) -> Iterator[Fault]:
    order = list(Rank)
    for clause in library.clauses.values():
        ranks = [position.rank for position in clause.positions]
        if ranks.count(Rank.STANDARD) != 1 or ranks[0] is not Rank.STANDARD:
            yield Place(clause.file), f"{clause.id} has to start with its one standard position."
        elif ranks != sorted(ranks, key=order.index):
            yield Place(clause.file), f"The positions of {clause.id} are not in the order of ranks."


def _approvers(library: Library) -> Iterator[Fault]:
    for clause, position in positions_of(library):
        needs = position.rank in {Rank.FALLBACK, Rank.NONSTANDARD}
        if needs and not position.approvers:
            yield place_of(clause, position), f"Nobody approves {position.id} of {clause.id}."
        for approver in position.approvers:
            if approver.role not in library.roles:
                message = (
                    f"{position.id} of {clause.id} asks for “{approver.role}”, which is no role."
                )
                yield place_in(clause, f"role: {approver.role}"), message


def _families(library: Library) -> Iterator[Fault]:
    for clause in library.clauses.values():
        if clause.family not in library.families:
            yield (
                place_in(clause, "family:"),
                f"{clause.id} is of the family “{clause.family}”, which is unknown.",
            )
        if clause.owner not in library.roles:
            yield (
                place_in(clause, "owner:"),
                f"{clause.id} is owned by “{clause.owner}”, which is no role.",
            )


def _requires(library: Library) -> Iterator[Fault]:
    for clause in library.clauses.values():
        for other in (*clause.requires, *clause.excludes):
            if other not in library.clauses:
                yield place_in(clause, other), f"{clause.id} names “{other}”, which is no clause."
        for other in set(clause.requires) & set(clause.excludes):
            yield place_in(clause, "requires:"), f"{clause.id} requires and excludes “{other}”."
    for agreement in library.agreements.values():
        inside = {c.id for c in clauses_of(agreement, library)}
        for clause in clauses_of(agreement, library):
            for other in sorted(set(clause.requires) - inside):
                yield (
                    Place(agreement.file),
                    f"{clause.id} requires {other}, which {agreement.id} does not have.",
                )


def _excludes(library: Library) -> Iterator[Fault]:
    for agreement in library.agreements.values():
        always = always_standing(agreement)
        for clause in clauses_of(agreement, library):
            for other in sorted(always & set(clause.excludes)):
                if clause.id in always:
                    message = f"{clause.id} excludes {other}, but both always stand here."
                    yield Place(agreement.file), message


def _sentences(library: Library) -> Iterator[Fault]:
    for clause, position in positions_of(library):
        if not position.sentence:
            yield place_of(clause, position), f"{position.id} of {clause.id} has no sentence."
        if not position.text:
            yield Place(position.file), f"{position.id} of {clause.id} has no text."


def overdue(library: Library, today: date) -> Iterator[tuple[Place, str]]:
    """Yield each clause whose review was due before a day."""
    for clause in library.clauses.values():
        if clause.review_due < today:
            yield Place(clause.file), f"The review of {clause.id} was due on {clause.review_due}."


def _licence(library: Library) -> Iterator[Fault]:
    for clause in library.clauses.values():
        if not clause.licence:
            yield Place(clause.file), f"{clause.id} names no licence."


LIBRARY_RULES: tuple[Rule[Library], ...] = tuple(
    Rule(
        id_,
        level,
        explanation,
        remedy,
        check,
        LIBRARY_SAMPLES[id_].failing(),
        LIBRARY_SAMPLES[id_].passing(),
    )
    for id_, level, explanation, remedy, check in (
        ("undeclared-variable", Level.ERROR, "What is printed is declared.", "Declare it in clause.yaml.", _undeclared),
        ("unknown-name", Level.ERROR, "Conditions read what there is.", "Correct the name.", _unknown_names),
        ("unused-variable", Level.WARNING, "What is declared is used.", "Print it, or take it out.", _unused),
        ("export-unprinted", Level.ERROR, "What is exported is printed.", "Print the value in this position.", _unprinted_export),
        ("ref-broken", Level.ERROR, "References lead somewhere in every position.", "Give the block this id in all positions.", _broken),
        ("ref-conditional-unsafe", Level.ERROR, "A reference lasts no longer than its target.", "Put the reference under the same condition.", _conditional),
        ("ref-optional-unsafe", Level.ERROR, "References to optional clauses are guarded.", "Put it under {{when: present.<clause>}}.", _optional_targets),
        ("undefined-term", Level.ERROR, "Terms that are used are defined.", "Define it in a clause that always stands.", undefined_terms),
        ("duplicate-definition", Level.ERROR, "A term is defined in one place.", "Keep one definition.", terms_defined_twice),
        ("unused-definition", Level.WARNING, "What is defined is used.", "Use it, or take it out.", unused_definitions),
        ("unmarked-term", Level.INFO, "A use of a defined term is marked, so that it follows its definition.", "Write the mark.", unmarked_terms),
        ("circular-definition", Level.ERROR, "A term means more than another that means it.", "Define one of them in words of its own.", circular_definitions),
        ("position-order", Level.ERROR, "Standard first, then fallbacks, then the rest.", "Order the positions.", _ranks),
        ("approver-missing", Level.ERROR, "Each deviation has somebody who decides.", "Name an approver with a role of families.yaml.", _approvers),
        ("family-unknown", Level.ERROR, "Families and owners are listed.", "Add them to families.yaml.", _families),
        ("requires-unknown", Level.ERROR, "What is required can be had.", "Correct the list.", _requires),
        ("excludes-unmet", Level.ERROR, "Clauses that exclude each other can be kept apart.", "Make one of them optional in the agreement.", _excludes),
        ("requires-contradict", Level.ERROR, "What a clause requires can stand beside it.", "Take the requirement or the exclusion out.", requirements_that_exclude),
        ("precedence-order", Level.ERROR, "Each section has one place in the order of precedence.", "List each section once, the highest first.", precedence_gaps),
        ("condition-never-holds", Level.ERROR, "A condition can be met by values that are allowed.", "Correct the condition or the limits of the variable.", conditions_never_met),
        ("sentence-missing", Level.ERROR, "Each position says itself in one line.", "Write the sentence and the text.", _sentences),
        ("hidden-character", Level.ERROR, "Characters that can't be seen can change what is read.", "Delete them and type the words again.", hidden_in_files),
        ("pasted-markup", Level.WARNING, "Markup of a web page prints literally.", "Remove it.", markup_in_files),
        ("licence-missing", Level.ERROR, "Each clause names its licence.", "Add licence to clause.yaml.", _licence),
    )
)  # fmt: skip  # a table of rules, one a line
