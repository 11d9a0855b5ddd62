"""Choose a clause's position and values: cards, typed fields, what it costs, own words last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.agreements.assembly import find_template
from dealdesk.agreements.comparison import Words
from dealdesk.agreements.effects import effect_of, position_effects, starting_values
from dealdesk.agreements.model import Choice
from dealdesk.agreements.sentences import chosen_sentence
from dealdesk.approvals.queries import list_decisions
from dealdesk.clauses.model import Clause, Position, Slot, Variable
from dealdesk.clauses.scalars import ScalarError
from dealdesk.clauses.typed_fields import (
    Input,
    data_of_typed,
    inputs_of,
    read_typed,
    table_rows,
)
from dealdesk.clauses.variable_values import read_variable
from dealdesk.deals import editing
from dealdesk.deals.editing import Edit, credited, data_of
from dealdesk.deals.queries import WRITE
from dealdesk.deals.unsaved import Unsaved
from dealdesk.kernel.errors import DomainError, NotFoundError, Problem
from dealdesk.kernel.languages import gettext_noop
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.value_types import Kind
from dealdesk.terms.values import Value
from dealdesk.web.access import requires
from dealdesk.web.consequences import Consequences, consequences
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.keeping import Kept, kept_promise
from dealdesk.web.merging import merge_page
from dealdesk.web.page_words import in_page_words, page_sentence
from dealdesk.web.standing import Status, rank_chip
from dealdesk.web.steps import act, sent_number, undone_if_refused
from dealdesk.web.unsaved import (
    Keeping,
    forget,
    found_keeping,
    offers,
    recalculated,
    sent_keeping,
    taken_up,
    typed_in,
    unsaved_forms,
)
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.deal_edits import StaleDealError, Target, save_edit
from dealdesk.workflows.quoting import Quote, with_findings
from dealdesk.workflows.recording import next_rules, quote_data
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("clauses", __name__, url_prefix="/deals/<number>/clauses/<instance>")
_LONGEST = 20_000
_NAMES = {"override": gettext_noop("Own words")}
# The two forms of the page that are kept as one types, by what they send as their mode.
_KEPT = {"position": gettext_noop("a position and its values"), "words": gettext_noop("own words")}


@dataclass(frozen=True, slots=True)
class ValueFields:
    """A variable with its inputs, or its rows of inputs where it is a table."""

    variable: Variable
    name: str
    inputs: Sequence[Input]
    rows: Sequence[tuple[str, Sequence[Sequence[Input]]]]
    faults: Sequence[str]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One position as a card: what it means, who decides on it, what it changes in the text."""

    position: Position
    chip: Status
    roles: tuple[str, ...]
    words: tuple[Words, ...]
    is_chosen: bool
    is_tried: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page is about: the deal, the slot and its clause, and the position that is tried."""

    stored: StoredDeal
    slot: Slot
    clause: Clause
    choice: Choice | None
    position: Position
    values: Mapping[str, Value]
    faults: Mapping[str, tuple[str, ...]]
    said: tuple[str, ...] = ()
    words: str = ""
    unstated: tuple[str, ...] = ()
    seen: int = 0
    typed: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("")
@requires(WRITE)
def show(number: str, instance: str) -> str:
    """Show a clause's positions; `position` in the address tries one without choosing it."""
    stored = load_deal(number, WRITE)
    kept = _unsaved(stored, instance)
    taken = taken_up(kept)
    if taken is not None:
        screen, edit = _sent_screen(stored, instance, typed_in(taken))
        return _page(screen, _judged(screen, edit), kept, taken)
    screen = _stored_screen(stored, instance, request.args.get("position", ""))
    return _page(screen, _judged(screen, _edit_of(screen)), kept)


@blueprint.post("/preview")
@requires(WRITE)
def preview(number: str, instance: str) -> str:
    """Give what the typed choice comes to, without saving anything."""
    screen, edit = _sent_screen(load_deal(number, WRITE), instance, request.form)
    return render_template("deal/clause-preview.html", **_judged_context(screen, edit))


@blueprint.post("")
@requires(WRITE)
@transactional
def save(number: str, instance: str) -> AnyResponse | str | tuple[str, int]:
    """Save the choice as a new version, or only recalculate what it comes to."""
    stored = load_deal(number, WRITE)
    screen, edit = _sent_screen(stored, instance, request.form)
    wish = request.form.get("do", "position")
    keeping = sent_keeping(_form_of(instance, request.form))
    if wish == "recalculate" or screen.faults:
        keeping = recalculated(stored.row.id, keeping)
        answer = _page(screen, _judged(screen, edit), keeping=keeping)
        return (answer, 422) if screen.faults else answer
    event = "deals:clause:rewritten" if wish == "words" else "deals:clause:chosen"
    try:
        with undone_if_refused():
            save_edit(act(), Target(stored.row.number, screen.seen), edit, event)
            forget(stored.row.id, keeping)
    except StaleDealError as stale:
        return merge_page(load_deal(number, WRITE), stale, keeping), 409
    except DomainError as error:
        return _page(_with_faults(screen, error), None, keeping=keeping), 422
    return redirect(
        f"{url_for('deal.clauses', number=stored.row.number)}#p-{screen.slot.instance}", 303
    )


def _slot_of(stored: StoredDeal, instance: str) -> Slot:
    template = find_template(stored.quote.version.inputs, stored.rules.library)
    slots = (slot for part in template.parts for slot in part.slots)
    found = next((slot for slot in slots if slot.instance == instance), None)
    if found is None or found.clause not in stored.rules.library.clauses:
        raise NotFoundError.of("no-such-clause", "The agreement has no such clause.")
    return found


def _stored_screen(stored: StoredDeal, instance: str, wanted: str) -> Screen:
    slot = _slot_of(stored, instance)
    clause = stored.rules.library.clauses[slot.clause]
    choice = stored.quote.version.inputs.choice(instance)
    present = clause.position(choice.position) if choice else clause.position(slot.position)
    position = clause.position(wanted) or present or clause.standard
    is_present = choice is not None and position.id == choice.position
    values = dict(choice.values) if choice and is_present else starting_values(clause, position)
    given = next((one for one in stored.quote.deal.choices if one.instance == instance), None)
    return Screen(
        stored,
        slot,
        clause,
        choice,
        position,
        values,
        faults={},
        words=given.override if given else "",
        unstated=given.unstated if given else (),
        seen=stored.version_row.number,
    )


def _unsaved(stored: StoredDeal, instance: str) -> list[Unsaved]:
    """Return what was typed about the clause before, where the deal doesn't say just that."""
    data = data_of(stored.row.deal_file)

    def differs(typed: MultiDict[str, str]) -> bool:
        screen, edit = _sent_screen(stored, instance, typed)
        return bool(screen.faults) or edit(data) != data

    forms = (_form_of(instance, {"mode": mode}) for mode in _KEPT)
    return unsaved_forms(stored, dict.fromkeys(forms, differs))


def _form_of(instance: str, typed: Mapping[str, str]) -> str:
    """Return as what a form of the clause is kept: its values, or its own words."""
    return f"{'words' if typed.get('mode') == 'words' else 'clause'}.{instance}"


def _sent_screen(stored: StoredDeal, instance: str, sent: Mapping[str, str]) -> tuple[Screen, Edit]:
    """Return the screen as it was sent, with its faults, and the edit that it asks for."""
    screen = _stored_screen(stored, instance, sent.get("position", "")[:80])
    values, faults = dict(screen.values), {}
    for variable in screen.clause.variables:
        data = _typed(variable, sent)
        if data is None:
            continue
        try:
            values[variable.id] = read_variable(data, variable)
        except ScalarError as error:
            faults[variable.id] = (error.problems[0].message,)
    found = replace(
        screen,
        values=values,
        faults=faults,
        seen=sent_number("seen", sent),
        typed=sent,
    )
    if sent.get("mode") == "words":
        found = replace(
            found,
            words=sent.get("words", "").replace("\r\n", "\n").replace("\x00", "")[:200_000],
            unstated=tuple(v.id for v in screen.clause.variables if sent.get(f"unstated.{v.id}")),
        )
    wish = sent.get("do", "recalculate")
    return found, _edit_of(found, sent.get("mode", "position") if wish == "recalculate" else wish)


def _typed(variable: Variable, sent: Mapping[str, str]) -> Data:
    """Return the data that was typed for a variable, None where the form has no field for it."""
    name = f"value.{variable.id}"
    if variable.type.kind is Kind.CALENDAR or not any(
        key == name or key.startswith(f"{name}.") for key in sent
    ):
        return None

    def typed(key: str) -> str:
        return sent.get(key, "").replace("\x00", "")[:_LONGEST]

    return read_typed(variable.type, typed, name)


def _edit_of(screen: Screen, wish: str = "position") -> Edit:
    """Return the edit that the screen asks for; values that are as they start are left out."""
    instance = screen.slot.instance
    if wish == "words":
        return lambda data: editing.write_free_text(data, instance, screen.words, screen.unstated)
    if wish == "drop":
        return lambda data: editing.drop_free_text(data, instance)
    if wish == "leave-out":
        return lambda data: editing.leave_out(data, instance)
    starting = starting_values(screen.clause, screen.position)
    given: dict[str, Data] = {
        variable.id: data_of_typed(screen.values[variable.id], variable.type)
        for variable in screen.clause.variables
        if variable.id in screen.values and screen.values[variable.id] != starting.get(variable.id)
    }
    return lambda data: editing.choose_position(data, instance, screen.position.id, given)


def _judged(screen: Screen, edit: Edit) -> Consequences | Problem | None:
    """Return what an edit comes to, or the first thing that is wrong with it."""
    if screen.faults:
        return None
    stored = screen.stored
    before = data_of(stored.row.deal_file)
    rules = next_rules(session(), stored)
    try:
        after = quote_data(
            credited(before, edit(before), current_actor().name),
            rules,
            decisions=list_decisions(session(), stored.row.id),
            parent=stored.version_row.number,
            on=desk().clock.now().date(),
        )
    except DomainError as error:
        return in_page_words(error.problems[0], _NAMES)
    return consequences(with_findings(after, rules.library), stored.quote)


def _judged_context(screen: Screen, edit: Edit) -> dict[str, object]:
    return _preview_context(screen, _judged(screen, edit))


def _preview_context(screen: Screen, found: Consequences | Problem | None) -> dict[str, object]:
    context: dict[str, object] = {"screen": screen, "found": None, "problem": None}
    if isinstance(found, Problem):
        return context | {"problem": found}
    if found is None:
        return context
    library, inputs = screen.stored.rules.library, found.quote.version.inputs
    choice = inputs.choice(screen.slot.instance)
    return context | {
        "found": found,
        "sentence": chosen_sentence(choice, inputs, library) if choice else "",
        "effect": effect_of(inputs, library, screen.slot.instance) if choice else (),
        "findings": list(_findings(found.quote, screen.slot.instance)),
        "kept": _kept(screen, found.quote),
    }


def _kept(screen: Screen, quote: Quote) -> Kept | None:
    exports = any(v.export.startswith("availability") for v in screen.clause.variables)
    return kept_promise(quote, screen.stored.rules.library, desk().settings) if exports else None


def _findings(quote: Quote, instance: str) -> Iterator[tuple[str, Problem]]:
    for one in quote.findings:
        path = one.problem.place.path.removeprefix("clauses.")
        if path == instance or path.startswith((f"{instance}/", f"{instance}.")):
            yield one.level, one.problem


def _with_faults(screen: Screen, error: DomainError) -> Screen:
    faults: dict[str, tuple[str, ...]] = {}
    said: list[str] = []
    prefix = f"clauses.{screen.slot.instance}.values."
    for problem in error.problems:
        path = problem.place.path
        variable = path.removeprefix(prefix).partition(".")[0] if path.startswith(prefix) else ""
        sentence = page_sentence(problem, _NAMES)
        if variable:
            faults[variable] = (*faults.get(variable, ()), sentence)
        else:
            said.append(sentence)
    return replace(screen, faults=faults, said=tuple(said))


def _page(
    screen: Screen,
    found: Consequences | Problem | None,
    kept: list[Unsaved] | None = None,
    taken: Unsaved | None = None,
    keeping: Keeping | None = None,
) -> str:
    library, instance = screen.stored.rules.library, screen.slot.instance
    keepings = {mode: _keeping(instance, mode, taken, keeping) for mode in _KEPT}
    number = screen.stored.row.number
    return deal_page(
        "clause",
        screen.clause.title,
        screen.stored,
        here="deal.clauses",
        fields=list(_fields(screen)),
        cards=list(_cards(screen)),
        exported=[v for v in screen.clause.variables if v.export],
        family=library.families[screen.clause.family].title,
        is_typed=request.method == "POST" or taken is not None,
        keepings=keepings,
        offers=[
            offer
            for mode, what in _KEPT.items()
            for offer in offers(number, _of_mode(kept, instance, mode), keepings[mode], what)
        ],
        **_preview_context(screen, found),
    )


def _of_mode(kept: list[Unsaved] | None, instance: str, mode: str) -> list[Unsaved]:
    form = _form_of(instance, {"mode": mode})
    return [one for one in kept or () if one.form == form]


def _keeping(instance: str, mode: str, taken: Unsaved | None, sent: Keeping | None) -> Keeping:
    """Return how one of the page's two forms is kept; the one that was sent keeps its window."""
    form = _form_of(instance, {"mode": mode})
    if sent is not None and sent.form == form:
        return sent
    return found_keeping(form, taken if taken is not None and taken.form == form else None)


def _fields(screen: Screen) -> Iterator[ValueFields]:
    starting = starting_values(screen.clause, screen.position)
    for variable in screen.clause.variables:
        value = screen.values.get(variable.id)
        name = f"value.{variable.id}"
        inputs = [_as_typed(one, name, screen.typed) for one in inputs_of(value, variable.type)]
        rows = list(table_rows(value, variable.type)) if variable.type.kind is Kind.TABLE else []
        yield ValueFields(
            variable,
            name,
            inputs,
            rows,
            screen.faults.get(variable.id, ()),
            value != starting.get(variable.id),
        )


def _as_typed(one: Input, name: str, typed: Mapping[str, str]) -> Input:
    """Return the input with what was typed, so that a wrong value stays as it was typed."""
    key = f"{name}.{one.name}" if one.name else name
    if one.is_box or key not in typed:
        return one
    return Input(one.name, one.label, typed[key][:_LONGEST], one.options)


def _cards(screen: Screen) -> Iterator[Card]:
    library, inputs = screen.stored.rules.library, screen.stored.quote.version.inputs
    effects = {}
    if screen.choice is not None:
        found = position_effects(inputs, library, screen.slot.instance)
        effects = {one.position.id: one.words for one in found}
    for position in screen.clause.positions:
        roles = (library.roles.get(a.role, a.role) for a in position.approvers)
        yield Card(
            position,
            rank_chip(position.rank, position.order),
            tuple(dict.fromkeys(roles)),
            effects.get(position.id, ()),
            screen.choice is not None and position.id == screen.choice.position,
            position.id == screen.position.id,
        )
