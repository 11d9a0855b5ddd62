"""Jobs and mail, for administrators: what waits, what went wrong, what was said to whom."""

import json
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, request, url_for

from dealdesk.kernel.languages import gettext_noop
from dealdesk.outbox.models import JobState, MailRow
from dealdesk.outbox.queries import count_jobs, find_mail, get_job, list_jobs, worker_seen_at
from dealdesk.outbox.templates import Message, filled, hidden
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.standing import Status
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.jobs import run_again

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")
READ = "outbox:job:read"
ALONE_AFTER = timedelta(minutes=1)
PAGE = 50
STATES = {
    JobState.WAITING: Status("wait", gettext_noop("Waiting")),
    JobState.RUNNING: Status("info", gettext_noop("Running")),
    JobState.DONE: Status("ok", gettext_noop("Done")),
    JobState.HELD: Status("wait", gettext_noop("Held")),
    JobState.FAILED: Status("stop", gettext_noop("Failed")),
}
KINDS = {
    "mail": gettext_noop("Mail"),
    "agreement-files": gettext_noop("Files of an agreement"),
    "history-contract": gettext_noop("Executed documents of the demo's history"),
}


@dataclass(frozen=True, slots=True)
class Worker:
    """Whether a worker is there, in words."""

    is_there: bool
    sentence: str


def worker_now() -> Worker:
    """Return whether a worker looked for jobs lately."""
    seen = worker_seen_at(session())
    if seen is None:
        return Worker(is_there=False, sentence=gettext("No worker ever ran here."))
    if desk().clock.now() - seen > ALONE_AFTER:
        return Worker(
            is_there=False,
            sentence=gettext("No worker was seen since %(time)s UTC.", time=seen.strftime("%H:%M")),
        )
    return Worker(is_there=True, sentence=gettext("A worker is running."))


@blueprint.get("")
@requires(READ)
def list_page() -> str:
    """Show jobs, the last promised first; `state` and `before` in the address narrow them."""
    state = _state(request.args.get("state", ""))
    before = request.args.get("before", type=int)
    rows = list_jobs(session(), state=state, before=before, limit=PAGE + 1)
    return page(
        "jobs/list.html",
        gettext("Jobs and mail"),
        rows=rows[:PAGE],
        older=rows[PAGE - 1].id if len(rows) > PAGE else None,
        counts=count_jobs(session()),
        state=state,
        states=STATES,
        kinds=KINDS,
        worker=worker_now(),
        has_server=bool(desk().settings.smtp_url),
    )


@blueprint.get("/<int:number>")
@requires(READ)
def show(number: int) -> str:
    """Show a job: what came of it, and for mail what is said to whom."""
    row = get_job(session(), number)
    mail = find_mail(session(), number)
    return page(
        "jobs/job.html",
        gettext("Job %(number)d", number=number),
        row=row,
        mail=mail,
        message=_shown(mail) if mail else None,
        status=STATES[JobState(row.state)],
        kinds=KINDS,
        may_run=row.state in {JobState.HELD, JobState.FAILED},
    )


@blueprint.post("/<int:number>/again")
@requires(READ)
@transactional
def again(number: int) -> Response:
    """Let a job that stopped be tried again."""
    run_again(session(), current_actor(), number, desk().clock.now())
    return make_response(redirect(url_for("jobs.show", number=number), 303))


def _state(word: str) -> JobState | None:
    return JobState(word) if word in set(JobState) else None


def _shown(mail: MailRow) -> Message:
    """Return the message as an administrator may read it: private secrets are for its reader."""
    message = Message(mail.subject, mail.text, mail.html)
    if mail.secrets and not mail.is_private:
        return filled(message, json.loads(mail.secrets))
    return Message(hidden(message.subject), hidden(message.text), hidden(message.html))
