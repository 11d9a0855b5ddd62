"""Take a counsel's Word file back in: its tracked changes become new inputs and a new version."""

from dataclasses import dataclass

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.model import Origin, Version
from dealdesk.agreements.write_back import WriteBack, write_back
from dealdesk.clauses.model import Library
from dealdesk.documents.docx.limited import in_worker
from dealdesk.documents.docx.reading import Reading, read_docx
from dealdesk.kernel.errors import Place, Problem, RefusedError
from dealdesk.negotiation.placing import accepted, structural, unplaced


@dataclass(frozen=True, slots=True)
class Counter:
    """What came back: the changes read, what they came to, and the version that follows."""

    reading: Reading
    result: WriteBack
    version: Version


def take_counter(sent: bytes, received: bytes, base: Version, library: Library) -> Counter:
    """Return the next version with every tracked change of a returned file accepted.

    Raise RefusedError while a person has something to decide: untracked differences, changes
    that have no place, conflicts.
    """
    # A file from outside is read in a process with limits on time and memory.
    reading = in_worker(lambda: read_docx(received, sent))
    result = write_back(
        base.inputs,
        base.tree,
        list(accepted(reading.changes)),
        list(structural(reading.changes)),
    )
    undecided = [*unplaced(reading.changes), *result.undecided]
    problems = [
        *(Problem("undecided", f"{', '.join(u.changes)}: {u.reason}") for u in undecided),
        *(
            Problem(
                "untracked",
                f"An edit was not tracked: “{one.old}” became “{one.new}”.",
                Place(path=one.where),
            )
            for one in reading.untracked
            if one.is_content
        ),
    ]
    if problems:
        raise RefusedError(problems)
    version = make_version(result.inputs, library, parent=base, origin=Origin.NEGOTIATED)
    return Counter(reading, result, version)
