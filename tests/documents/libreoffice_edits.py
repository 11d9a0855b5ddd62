"""Edit a Word file in LibreOffice with tracking on; runs under the system's Python with UNO.

Call: libreoffice_edits.py PIPE IN OUT OLD=NEW…  An empty NEW deletes; "¶" in NEW is a new paragraph.
"""

import sys

import uno
from libreoffice_driver import connect, desktop_of, opened, property_of


def _edit(document, old, new):
    search = document.createSearchDescriptor()
    search.SearchString = old
    search.SearchCaseSensitive = True
    found = document.findFirst(search)
    if found is None:
        sys.exit(f"{old!r} does not stand in the file.")
    text = found.Text
    cursor = text.createTextCursorByRange(found)
    end = text.createTextCursorByRange(cursor.End)
    cursor.String = ""
    for at, part in enumerate(new.split("¶")):
        if at:
            text.insertControlCharacter(end, 0, False)
        text.insertString(end, part, False)


def main():
    """Make the edits one after the other, save, and end LibreOffice."""
    desktop = desktop_of(connect(sys.argv[1]))
    document = opened(desktop, sys.argv[2])
    document.RecordChanges = True
    for edit in sys.argv[4:]:
        old, _, new = edit.partition("=")
        _edit(document, old, new)
    word = (property_of("FilterName", "MS Word 2007 XML"),)
    document.storeToURL(uno.systemPathToFileUrl(sys.argv[3]), word)
    document.close(True)
    desktop.terminate()


main()
