"""Every table of the product: whoever imports this has them all in the metadata."""

from sqlalchemy import MetaData

from dealdesk.agreements.models import AgreementVersionRow, VersionClauseRow, VersionFileRow
from dealdesk.approvals.models import DecisionRow
from dealdesk.approvals.policy_models import PolicyDraftRow, PolicyVersionRow
from dealdesk.approvals.request_models import AbsenceRow, MessageRow, RequestRow, SubmissionRow
from dealdesk.audit.models import AnchorRow, ChainRow, EventRow, NameRow
from dealdesk.clauses.models import ClauseVersionRow
from dealdesk.contracts.models import ContractFileRow, ContractRow
from dealdesk.deals.models import (
    AccountRow,
    ContactRow,
    DealRevisionRow,
    DealRow,
    DealSummaryRow,
    SavedViewRow,
)
from dealdesk.files.models import StoredFileRow
from dealdesk.identity.models import (
    AttemptRow,
    ResetRow,
    SessionRow,
    TeamRow,
    UserRoleRow,
    UserRow,
)
from dealdesk.kernel.orm import Base, Immutable
from dealdesk.negotiation.models import (
    ChangeDecisionRow,
    ChangeRow,
    NoteRow,
    RemarkRow,
    RoundRow,
)
from dealdesk.outbox.models import JobRow, MailRow, TimerRow
from dealdesk.sharing.models import ShareItemRow, ShareLinkRow, ShareVisitRow

TABLES: tuple[type[Base], ...] = (
    TeamRow,
    UserRow,
    UserRoleRow,
    SessionRow,
    AttemptRow,
    ResetRow,
    EventRow,
    ChainRow,
    NameRow,
    AnchorRow,
    AccountRow,
    ContactRow,
    JobRow,
    MailRow,
    TimerRow,
    DealRow,
    DealRevisionRow,
    DealSummaryRow,
    SavedViewRow,
    StoredFileRow,
    ClauseVersionRow,
    AgreementVersionRow,
    VersionClauseRow,
    VersionFileRow,
    ShareLinkRow,
    ShareItemRow,
    ShareVisitRow,
    ContractRow,
    ContractFileRow,
    PolicyVersionRow,
    PolicyDraftRow,
    SubmissionRow,
    RequestRow,
    MessageRow,
    AbsenceRow,
    DecisionRow,
    RoundRow,
    ChangeRow,
    RemarkRow,
    ChangeDecisionRow,
    NoteRow,
)
IMMUTABLE = tuple(table.__tablename__ for table in TABLES if issubclass(table, Immutable))


def metadata() -> MetaData:
    """Return the metadata of all tables."""
    return Base.metadata
