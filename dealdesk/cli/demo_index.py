"""The demo's index page: what happened, and links to what came of it."""

from collections.abc import Sequence

from markupsafe import Markup

from dealdesk.workflows.demo import StepDone

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem;
  color: #16191d; background: #fff; }
h1 { font-size: 1.75rem; line-height: 1.2; }
li { margin: 0 0 1rem; }
ul { margin: 0.25rem 0 0; padding-left: 1.25rem; }
ul li { margin: 0; }
a { color: #1f4d7a; }
@media (prefers-color-scheme: dark) { body { color: #e6e9ed; background: #14171a; }
  a { color: #8fc1f2; } }
"""


def index_html(steps: Sequence[StepDone]) -> str:
    """Return the page that lists the demo's steps with their files."""
    items = Markup("\n").join(_item(step) for step in steps)
    return str(
        Markup(
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            "<title>DealDesk: the demo</title><style>{}</style></head>\n<body><main>\n"
            "<h1>From a deal to a signed contract whose SLA terms are data</h1>\n"
            "<p>Everybody and everything in it is fictional.</p>\n<ol>\n{}\n</ol>\n"
            "</main></body></html>\n"
        ).format(Markup(_STYLE), items)  # noqa: S704 - our own CSS
    )


def _item(step: StepDone) -> Markup:
    files = Markup("").join(
        Markup('<li><a href="{}">{}</a></li>').format(name, name) for name in sorted(step.files)
    )
    listed = Markup("<ul>{}</ul>").format(files) if step.files else Markup("")
    return Markup("<li>{}{}</li>").format(step.sentence, listed)
