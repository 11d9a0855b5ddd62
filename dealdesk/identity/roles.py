"""The roles that people have, as data."""

from collections.abc import Mapping

from dealdesk.kernel.languages import gettext_noop

ROLES: Mapping[str, str] = {
    "account_executive": gettext_noop("Account executive"),
    "sales_manager": gettext_noop("Sales manager"),
    "vp_sales": gettext_noop("VP sales"),
    "cro": gettext_noop("Chief revenue officer"),
    "deal_desk": gettext_noop("Deal desk"),
    "finance": gettext_noop("Finance"),
    "cfo": gettext_noop("Chief financial officer"),
    "commercial_counsel": gettext_noop("Commercial counsel"),
    "general_counsel": gettext_noop("General counsel"),
    "ciso": gettext_noop("Chief information security officer"),
    "engineering": gettext_noop("Engineering"),
    "support_head": gettext_noop("Head of support"),
    "risk": gettext_noop("Risk and insurance"),
    "administrator": gettext_noop("Administrator"),
    "auditor": gettext_noop("Auditor"),
}
# Roles that an approval policy may ask.
DECIDING = frozenset(ROLES) - {"account_executive", "administrator", "auditor"}
