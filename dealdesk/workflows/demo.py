"""The demo: one rich deal from quote to sealed files, each step a value that can be shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from dealdesk.agreements.write_back import ValueChange
from dealdesk.availability.history_file import read_history
from dealdesk.availability.report import report
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue
from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.signing.certificates import SealingIdentity
from dealdesk.signing.package import AGREEMENT_DOCX, AGREEMENT_PDF, APPROVALS, TERMS
from dealdesk.signing.sealing import seal_package
from dealdesk.sla.exporters.registry import EXPORTERS, export_terms
from dealdesk.sla.model import load_terms
from dealdesk.terms.formatting import format_money, format_value
from dealdesk.terms.locales import LOCALES
from dealdesk.workflows.building import TEXT, build_package
from dealdesk.workflows.counter import Counter, take_counter
from dealdesk.workflows.counter_file import CounterPlan
from dealdesk.workflows.deciding import approve
from dealdesk.workflows.quoting import Quote, quote_version
from dealdesk.workflows.readiness import blockers

PERIOD = "2027-09"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the demo starts from."""

    quote: Quote
    library: Library
    catalogue: Catalogue | None
    plan: CounterPlan
    history: Path
    identity: SealingIdentity
    now: datetime


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step: a sentence for people, and the files that it made."""

    sentence: str
    files: Mapping[str, bytes] = field(default_factory=dict)


class DemoError(DomainError):
    """The demo's own material no longer fits together."""


def run_demo(stage: Stage) -> Iterator[StepDone]:
    """Yield the demo's steps one by one, each done when it is yielded."""
    yield StepDone(_quote_sentence(stage.quote))
    draft = build_package(_undecided(stage), stage.library)
    sent = draft.files[AGREEMENT_DOCX]
    yield StepDone(
        f"The draft has {len(stage.quote.version.inputs.choices)} clauses and is marked as such; "
        "it goes to the customer's counsel as a Word file.",
        {"agreement-draft.pdf": draft.files[AGREEMENT_PDF], "agreement-sent.docx": sent},
    )
    received = write_tracked_replacements(
        sent, stage.plan.replacements, stage.plan.author, stage.plan.at
    )
    counter = take_counter(sent, received, stage.quote.version, stage.library)
    yield StepDone(_counter_sentence(counter, stage), {"agreement-redlined.docx": received})
    quote = _negotiated(stage, counter)
    problems = list(blockers(quote))
    if not problems:
        raise DemoError.of("nothing-triggered", "The counter triggers no approval.")
    roles = ", ".join(one.title for one in quote.standing.open)
    yield StepDone(f"{len(problems)} reasons are open again: {roles}.")
    for planned in stage.plan.decisions:
        quote = approve(
            quote,
            stage.library,
            stage.catalogue,
            role=planned.role,
            person=planned.person,
            at=planned.at,
            conditions=planned.conditions,
        )
        role = planned.role.replace("_", " ")
        yield StepDone(f"{planned.person} approves as {role}, {planned.at:%d %b %Y %H:%M} UTC.")
    yield from _sealed(quote, stage)


def _undecided(stage: Stage) -> Quote:
    """Return the quote as it stood before anybody had decided."""
    deal = replace(stage.quote.deal, decisions=())
    return quote_version(
        deal, stage.quote.version, stage.library, stage.quote.policy, stage.catalogue
    )


def _quote_sentence(quote: Quote) -> str:
    main = quote.priced.main
    total = format_money(main.tcv, LOCALES["en"])
    asked = len(quote.assessment.requirements)
    return f"{quote.deal.customer.name}: {total} in total; {asked} roles had to approve, and did."


def _counter_sentence(counter: Counter, stage: Stage) -> str:
    values = "; ".join(_value_words(change, stage) for change in counter.result.values)
    words = ", ".join(counter.result.overridden)
    count = len(counter.reading.changes)
    return f"{count} tracked changes came back: {values}; new words in {words}."


def _value_words(change: ValueChange, stage: Stage) -> str:
    typed = stage.quote.version.tree.values[change.ref]
    old, new = (format_value(v, typed.type, "en") for v in (change.old, change.new))
    return f"{change.ref} is now {new} (was {old})"


def _negotiated(stage: Stage, counter: Counter) -> Quote:
    return quote_version(
        stage.quote.deal, counter.version, stage.library, stage.quote.policy, stage.catalogue
    )


def _sealed(quote: Quote, stage: Stage) -> Iterator[StepDone]:
    package = build_package(quote, stage.library)
    if package.is_draft:
        raise DemoError(blockers(quote))
    sealed = seal_package(package.files, stage.identity, stem="agreement", now=stage.now)
    terms = load_terms(package.files[TERMS].decode(), TERMS)
    yield StepDone(
        f"Version {quote.version.number} is sealed at level {sealed.seal.level}.",
        {
            **sealed.files,
            AGREEMENT_DOCX: sealed.files[AGREEMENT_DOCX],
            TEXT: package.files[TEXT],
            TERMS: package.files[TERMS],
            APPROVALS: package.files[APPROVALS],
        },
    )
    exports = [export_terms(terms, target) for target in EXPORTERS]
    names = ", ".join(export.target for export in exports)
    yield StepDone(
        f"Support systems are configured from the signed terms: {names}.",
        {
            f"support-system/{export.target}/{file.name}": file.text.encode()
            for export in exports
            for file in export.files
        },
    )
    history = read_history(read_text_file(stage.history), str(stage.history))
    measured = report(terms, history, PERIOD, history.covered_until, quote.priced.main.yearly[0])
    met = "met" if measured.result.is_met else "missed"
    percent = f"{float(round(measured.result.uptime.percent, 4)):.4f}"
    yield StepDone(f"{PERIOD}: {percent} % measured by this contract's own formula, {met}.")
