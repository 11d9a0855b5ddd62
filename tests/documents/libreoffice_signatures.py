"""Ask LibreOffice about the signatures of a DOCX; runs under the system's Python with UNO.

Call: libreoffice_signatures.py PIPE FILE… ; prints one JSON line per file.
"""

import json
import sys

import uno
from libreoffice_driver import connect, desktop_of, property_of

_READ = 1


def _signatures(context, path):
    manager = context.ServiceManager
    factory = manager.createInstanceWithContext("com.sun.star.embed.StorageFactory", context)
    access = manager.createInstanceWithContext("com.sun.star.ucb.SimpleFileAccess", context)
    stream = access.openFileRead(uno.systemPathToFileUrl(path))
    # The ZIP view shows `_rels` and `_xmlsignatures`, which the OOXML view hides.
    zip_view = property_of("StorageFormat", "ZipFormat")
    wanted = uno.Any("[]com.sun.star.beans.PropertyValue", (zip_view,))
    storage = uno.invoke(factory, "createInstanceWithArguments", ((stream, _READ, wanted),))
    judge = manager.createInstanceWithArgumentsAndContext(
        "com.sun.star.security.DocumentDigitalSignatures", ("1.2", True), context
    )
    return [
        {
            "valid": found.SignatureIsValid,
            "certificate_status": found.CertificateStatus,
            "partial": found.PartialDocumentSignature,
        }
        for found in judge.verifyDocumentContentSignatures(storage, None)
    ]


def main():
    """Print what LibreOffice says of each file, then end it."""
    context = connect(sys.argv[1])
    for path in sys.argv[2:]:
        sys.stdout.write(json.dumps(_signatures(context, path)) + "\n")
    desktop_of(context).terminate()


main()
