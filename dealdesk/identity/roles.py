"""The roles that people have, as data."""

from collections.abc import Mapping

ROLES: Mapping[str, str] = {
    "account_executive": "Account executive",
    "sales_manager": "Sales manager",
    "vp_sales": "VP sales",
    "cro": "Chief revenue officer",
    "deal_desk": "Deal desk",
    "finance": "Finance",
    "cfo": "Chief financial officer",
    "commercial_counsel": "Commercial counsel",
    "general_counsel": "General counsel",
    "ciso": "Chief information security officer",
    "engineering": "Engineering",
    "support_head": "Head of support",
    "risk": "Risk and insurance",
    "administrator": "Administrator",
    "auditor": "Auditor",
}
# Roles that an approval policy may ask.
DECIDING = frozenset(ROLES) - {"account_executive", "administrator", "auditor"}
