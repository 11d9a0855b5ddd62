"""Read a file that is embedded in a PDF."""

from io import BytesIO

from pikepdf import Pdf, PdfError

from dealdesk.kernel.errors import DomainError


def attachment(pdf: bytes, name: str) -> bytes | None:
    """Return the bytes of the file embedded in a PDF under a name, None when there is none.

    Raise DomainError when the PDF can't be read, or when the embedded file is damaged.
    """
    try:
        with Pdf.open(BytesIO(pdf)) as document:
            found = document.attachments.get(name)
            return found.get_file().read_bytes() if found is not None else None
    except (PdfError, ValueError, TypeError, AttributeError) as error:
        raise DomainError.of(
            "pdf-unreadable",
            "The file is not a PDF that can be read, or it is damaged.",
            remedy="Check that it is the right file, and that it was copied whole.",
        ) from error
