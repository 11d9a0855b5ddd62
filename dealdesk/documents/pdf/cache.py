"""Rendered PDFs kept by the hash of what they are made from: equal input has equal bytes."""

import json
import os
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from dealdesk.documents.pdf.renderer import (
    STYLESHEET,
    Attached,
    RenderedPdf,
    SignaturePlace,
    render_pdf,
)
from dealdesk.documents.text import text_hash
from dealdesk.documents.tree import DocumentTree
from dealdesk.kernel.hashing import sha256_bytes, sha256_text

_VERSION = "1"


class PdfCache:
    """A folder of rendered PDFs; a file is complete or absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def render(self, tree: DocumentTree, attachments: Sequence[Attached]) -> RenderedPdf:
        """Return the PDF of a tree from the cache, rendered and kept on the first call."""
        key = cache_key(tree, attachments)
        found = self._find(key)
        if found is None:
            found = render_pdf(tree, attachments)
            self._keep(key, found)
        return found

    def _find(self, key: str) -> RenderedPdf | None:
        try:
            about = json.loads((self._folder / f"{key}.json").read_text("utf-8"))
            data = (self._folder / f"{key}.pdf").read_bytes()
        except FileNotFoundError:
            return None
        places = tuple(
            SignaturePlace(p["block"], p["page"], tuple(Decimal(c) for c in p["box"]))  # type: ignore[arg-type]  # four corners
            for p in about["signatures"]
        )
        return RenderedPdf(data, places, about["pages"])

    def _keep(self, key: str, rendered: RenderedPdf) -> None:
        about = {
            "pages": rendered.pages,
            "signatures": [
                {"block": p.block_id, "page": p.page, "box": [str(c) for c in p.box]}
                for p in rendered.signatures
            ],
        }
        self._folder.mkdir(parents=True, exist_ok=True)
        self._write(f"{key}.pdf", rendered.data)
        self._write(f"{key}.json", json.dumps(about).encode())

    def _write(self, name: str, data: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(self._folder / name)


def cache_key(tree: DocumentTree, attachments: Sequence[Attached]) -> str:
    """Return what names a rendering without making it: text, furniture, style, attachments."""
    parts = [
        _VERSION,
        text_hash(tree),
        repr((tree.title, tree.short_title, tree.language, tree.version_label)),
        repr((tree.dated_on, tree.draft, [repr(s) for s in tree.sections])),
        sha256_bytes(STYLESHEET.read_bytes()),
        *(f"{a.name}:{a.description}:{sha256_bytes(a.data)}" for a in attachments),
    ]
    return sha256_text("\n".join(parts))
