"""Edit a Word file in LibreOffice with tracking on; runs under the system's Python with UNO.

Call: libreoffice_edits.py PIPE IN OUT OLD=NEW…  An empty NEW deletes; "¶" in NEW is a new paragraph.
"""

import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_PATIENCE = 60


def _connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(_PATIENCE * 2):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.5)
    sys.exit("LibreOffice did not answer.")


def _property(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


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
    context = _connect(sys.argv[1])
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    source, target = (uno.systemPathToFileUrl(path) for path in sys.argv[2:4])
    document = desktop.loadComponentFromURL(source, "_blank", 0, (_property("Hidden", True),))
    document.RecordChanges = True
    for edit in sys.argv[4:]:
        old, _, new = edit.partition("=")
        _edit(document, old, new)
    document.storeToURL(target, (_property("FilterName", "MS Word 2007 XML"),))
    document.close(True)
    desktop.terminate()


main()
