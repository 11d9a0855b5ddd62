"""Reads of contracts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.contracts.models import ContractFileRow, ContractRow
from dealdesk.kernel.errors import NotFoundError


def find_contract(session: Session, deal_id: int) -> ContractRow | None:
    """Return a deal's contract, or None where it isn't sealed."""
    return session.scalar(select(ContractRow).where(ContractRow.deal_id == deal_id))


def list_contract_files(session: Session, contract: ContractRow) -> Sequence[ContractFileRow]:
    """Return a contract's files by name."""
    return session.scalars(
        select(ContractFileRow)
        .where(ContractFileRow.contract_id == contract.id)
        .order_by(ContractFileRow.name)
    ).all()


def get_contract_file(session: Session, deal_id: int, name: str) -> ContractFileRow:
    """Return an executed file of a deal's contract. Raise NotFoundError where there is none."""
    row = session.scalar(
        select(ContractFileRow)
        .join(ContractRow, ContractRow.id == ContractFileRow.contract_id)
        .where(ContractRow.deal_id == deal_id, ContractFileRow.name == name)
    )
    if row is None:
        raise NotFoundError.of("no-such-file", f"This deal has no executed file {name[:80]}.")
    return row
