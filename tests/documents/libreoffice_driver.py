"""What scripts under the system's Python share that drive LibreOffice by UNO."""

import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_PATIENCE = 60


def connect(pipe):
    """Return the context of the LibreOffice that listens on a pipe, once it does."""
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


def desktop_of(context):
    """Return the desktop, which opens documents and ends the program."""
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def property_of(name, value):
    """Return a property as calls take it."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def opened(desktop, path):
    """Return a document of a path, opened without a window."""
    hidden = (property_of("Hidden", True),)
    return desktop.loadComponentFromURL(uno.systemPathToFileUrl(str(path)), "_blank", 0, hidden)
