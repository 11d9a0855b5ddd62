"""Resolve Word files in LibreOffice by its own commands; runs under the system's Python with UNO.

Call: libreoffice_judge.py PIPE FOLDER N…  For each N, reads oldN.docx, newN.docx and markedN.docx,
and writes oldN.txt, newN.txt, acceptedN.txt and rejectedN.txt.
"""

import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_PATIENCE = 60
_WAYS = {"accepted": "AcceptAllTrackedChanges", "rejected": "RejectAllTrackedChanges"}


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


class _Office:
    def __init__(self, pipe):
        context = _connect(pipe)
        make = context.ServiceManager.createInstanceWithContext
        self.desktop = make("com.sun.star.frame.Desktop", context)
        self.dispatcher = make("com.sun.star.frame.DispatchHelper", context)

    def text(self, source, target, command):
        hidden = (_property("Hidden", True),)
        document = self.desktop.loadComponentFromURL(
            uno.systemPathToFileUrl(str(source)), "_blank", 0, hidden
        )
        if command:
            frame = document.CurrentController.Frame
            self.dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, ())
        document.refresh()
        options = (_property("FilterName", "Text (encoded)"), _property("FilterOptions", "UTF8,LF"))
        document.storeToURL(uno.systemPathToFileUrl(str(target)), options)
        document.close(True)


def main():
    """Write the texts of each numbered contract, and end LibreOffice."""
    office = _Office(sys.argv[1])
    folder = Path(sys.argv[2])
    for number in sys.argv[3:]:
        for stem in ("old", "new"):
            office.text(folder / f"{stem}{number}.docx", folder / f"{stem}{number}.txt", "")
        for way, command in _WAYS.items():
            marked = folder / f"marked{number}.docx"
            office.text(marked, folder / f"{way}{number}.txt", command)
    office.desktop.terminate()


main()
