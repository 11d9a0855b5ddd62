"""The fonts that documents are set in, and a check that they have every character."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from dealdesk.kernel.errors import DomainError

ASSETS = Path(__file__).resolve().parents[1] / "assets" / "fonts"
SERIF, SANS = "Source Serif 4", "Inter"
EXTRA_SETTING = "DEALDESK_EXTRA_FONTS"
# file → family, weight, style
SHIPPED: Mapping[str, tuple[str, int, str]] = {
    "SourceSerif4-Regular.ttf": (SERIF, 400, "normal"),
    "SourceSerif4-Italic.ttf": (SERIF, 400, "italic"),
    "SourceSerif4-SemiBold.ttf": (SERIF, 600, "normal"),
    "Inter-Regular.ttf": (SANS, 400, "normal"),
    "Inter-SemiBold.ttf": (SANS, 600, "normal"),
}


class GlyphError(DomainError):
    """The document holds a character that no font at hand can print."""


class FontError(DomainError):
    """A font file that can't be read."""


def font_files(extra: Path | None = None) -> dict[str, Path]:
    """Return the font files by name: ours, and those of the extra folder if one is set."""
    files = {name: ASSETS / name for name in SHIPPED}
    if extra is not None:
        found = sorted(p for p in extra.iterdir() if p.suffix.lower() in {".ttf", ".otf"})
        files |= {path.name: path for path in found}
    return files


def font_faces(files: Mapping[str, Path]) -> str:
    """Return the @font-face rules; an extra font serves both families where ours have no glyph."""
    rules = []
    for name in files:
        families = [SHIPPED[name]] if name in SHIPPED else [("Extra", 400, "normal")]
        for family, weight, style in families:
            rules.append(
                f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
                f'font-style: {style}; src: url("dealdesk-font:{name}"); }}'
            )
    return "\n".join(rules)


@cache
def characters(path: Path) -> frozenset[int]:
    """Return the code points that a font file can print. Raise FontError when it isn't a font."""
    try:
        with TTFont(path, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError) as error:
        raise FontError.of("bad-font", f"{path.name} can't be read as a font.") from error


def refuse_missing_glyphs(text: str, files: Mapping[str, Path]) -> None:
    """Raise GlyphError naming each character of the text that our fonts lack.

    A missing glyph would silently be taken from a font of the machine, and move page breaks.
    """
    printable = {ord(c) for c in text if not c.isspace()}
    shared = _shared_characters(files)
    missing = sorted(printable - shared)
    if missing:
        shown = ", ".join(f"{chr(code)} (U+{code:04X})" for code in missing[:8])
        raise GlyphError.of(
            "glyph-missing",
            f"The fonts have no glyph for {shown}; the first stands in “{_around(text, missing)}”.",
            remedy="Write it in other letters, or have an administrator put a font that has it into"
            f" a folder and name the folder in {EXTRA_SETTING}.",
        )


def _around(text: str, missing: Collection[int]) -> str:
    """Return a few words around the first character that is missing, so that one finds it."""
    at = next(place for place, c in enumerate(text) if ord(c) in missing)
    start, end = text.rfind("\n", 0, at) + 1, (text + "\n").index("\n", at)
    return " ".join(text[max(start, at - 30) : min(end, at + 30)].split())


def _shared_characters(files: Mapping[str, Path]) -> frozenset[int]:
    """Return what every family can print; extra fonts stand in for all families."""
    ours = [characters(path) for name, path in files.items() if name in SHIPPED]
    extra = [characters(path) for name, path in files.items() if name not in SHIPPED]
    return frozenset.intersection(*ours).union(*extra)
