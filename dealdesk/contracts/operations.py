"""Writes of contracts: what was sealed, once."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from dealdesk.contracts.models import ContractFileRow, ContractRow


def record_contract(session: Session, row: ContractRow, files: Mapping[str, str]) -> ContractRow:
    """Record a deal's contract with its files (name → SHA-256 of a stored file), and return it."""
    session.add(row)
    session.flush()
    session.add_all(
        ContractFileRow(contract_id=row.id, name=name, sha256=sha256)
        for name, sha256 in sorted(files.items())
    )
    session.flush()
    return row
