"""The accounts of a fictional company, from a file, for the demo."""

from dataclasses import dataclass
from pathlib import Path

from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import load_yaml_file
from dealdesk.kernel.settings import PROJECT

DEMO_COMPANY = PROJECT / "demo" / "company.yaml"
SCHEMA = "company/1"
_KEYS = ("name", "form", "address", "country", "signer")


@dataclass(frozen=True, slots=True)
class CompanyAccount:
    """An account as the file states it, with who signs for it."""

    name: str
    form: str
    address: str
    country: str
    signer: str

    @property
    def details(self) -> dict[str, str]:
        """The account's fields."""
        return {key: getattr(self, key) for key in ("name", "form", "address", "country")}

    @property
    def contact(self) -> dict[str, str]:
        """Who signs, with an address that leads nowhere."""
        mail = f"{self.signer.lower().replace(' ', '.')}@example.org"
        return {"name": self.signer, "title": "Chief Operating Officer", "email": mail}


def read_company(path: Path) -> tuple[CompanyAccount, ...]:
    """Return the accounts of a file (schema company/1).

    Raise DomainError naming file and line of everything wrong in it.
    """
    fields = Fields.root(load_yaml_file(path), ("schema", "accounts"))
    if fields.text("schema") != SCHEMA:
        fields.note("unknown-schema", "schema", f"A company's file says schema: {SCHEMA}.")
    accounts = tuple(
        CompanyAccount(
            name=one.text("name", longest=200),
            form=one.text("form"),
            address=one.text("address"),
            country=one.text("country", longest=2),
            signer=one.text("signer", longest=120),
        )
        for one in fields.items("accounts", _KEYS)
    )
    fields.raise_problems()
    return accounts
