"""Resolve Word files in LibreOffice by its own commands; runs under the system's Python with UNO.

Call: libreoffice_judge.py PIPE FOLDER N…  For each N, reads oldN.docx, newN.docx and markedN.docx,
and writes oldN.txt, newN.txt, acceptedN.txt and rejectedN.txt.
"""

import sys
from pathlib import Path

import uno
from libreoffice_driver import connect, desktop_of, opened, property_of

_WAYS = {"accepted": "AcceptAllTrackedChanges", "rejected": "RejectAllTrackedChanges"}


class _Office:
    def __init__(self, pipe):
        context = connect(pipe)
        make = context.ServiceManager.createInstanceWithContext
        self.desktop = desktop_of(context)
        self.dispatcher = make("com.sun.star.frame.DispatchHelper", context)

    def text(self, source, target, command):
        document = opened(self.desktop, source)
        if command:
            frame = document.CurrentController.Frame
            self.dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, ())
        document.refresh()
        options = (
            property_of("FilterName", "Text (encoded)"),
            property_of("FilterOptions", "UTF8,LF"),
        )
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
