"""The one XML parser: no entities, no network, no DOCTYPE, no huge trees.

Every part of a document that came from outside is parsed here; a test fails on any other parser.
"""

from lxml import etree

from dealdesk.kernel.errors import DomainError


class XmlError(DomainError):
    """XML that is refused or can't be read."""


def parse_xml(data: bytes, what: str) -> etree._Element:
    """Return the root element of XML; `what` is how messages call it.

    Raise XmlError for a DOCTYPE (entities drop text or make bombs) and for what isn't XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError.of("not-xml", f"{what} is not XML that we read: {error}.") from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise XmlError.of(
            "doctype",
            f"{what} declares a document type, which is refused.",
            remedy="Save the file again with the program it came from.",
        )
    return root
