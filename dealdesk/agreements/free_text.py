"""Free text in place of a clause's own: parsed as clause text, bound as the instance's passage."""

from dealdesk.agreements.assembly import find_clause
from dealdesk.agreements.binding import Binder, bind_template, defined_terms
from dealdesk.agreements.model import Choice, Inputs
from dealdesk.agreements.scope import Scope
from dealdesk.agreements.values import all_values
from dealdesk.clauses.model import Library
from dealdesk.clauses.parser import parse_template
from dealdesk.documents.tree import Block
from dealdesk.kernel.errors import DomainError, Place


def free_text_blocks(
    source: str, choice: Choice, inputs: Inputs, library: Library, place: Place
) -> tuple[Block, ...]:
    """Return the blocks of words in the grammar of clause text (ADR 2) for one instance.

    Raise DomainError with the line within the words for everything that can't be read.
    """
    template, problems = parse_template(source, place.file)
    if problems:
        raise DomainError(problems)
    chosen = {one.instance_id: find_clause(one, library) for one in inputs.choices}
    defined = [defined_terms(position.text) for _, position in chosen.values()]
    clause, _ = chosen[choice.instance_id]
    values = all_values(inputs, library)
    binder = Binder(
        instance_id=choice.instance_id,
        scope=Scope(inputs, values, choice.instance_id),
        values=values,
        instances={one.clause_id: one.instance_id for one in reversed(inputs.choices)},
        defined={key: term for terms in defined for key, term in terms},
        captions={variable.id: variable.caption for variable in clause.variables},
    )
    return bind_template(template, binder)
