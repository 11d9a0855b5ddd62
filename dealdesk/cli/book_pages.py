"""What the static pages of the command line share: templates, and the look of the application."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dealdesk.kernel.languages import SOURCE, teach_texts

_ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = _ROOT / "templates"
TOKENS = _ROOT / "dealdesk" / "web" / "static" / "tokens.css"
FONTS = _ROOT / "dealdesk" / "documents" / "assets" / "fonts"
_FONT_FACE = re.compile(r"^@font-face \{.*\}\n", re.MULTILINE)


def pages() -> Environment:
    """Return the templates; a name that is missing is an error, not a blank."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    teach_texts(environment, SOURCE)
    return environment


def book_css(*, fonts: bool = True) -> str:
    """Return the style of static pages: the application's tokens, then their own.

    Fonts stand in a folder beside the page; without them a page takes those of the machine.
    """
    tokens = TOKENS.read_text("utf-8").replace('url("../fonts/', 'url("fonts/')
    if not fonts:
        tokens = _FONT_FACE.sub("", tokens)
    return f"{tokens}\n{(TEMPLATES / 'book' / 'book.css').read_text('utf-8')}"
