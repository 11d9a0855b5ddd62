"""What a draft of the policy would change, on both databases: deals that can't be judged are named."""

from dataclasses import replace

from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.policy_effects import deal_effects
from dealdesk.workflows.stored_deals import UnreadableDeal
from tests.acme import Office
from tests.integration.test_approving import asked, decides, office

__all__ = ["asked", "office"]


def test_what_a_draft_of_the_policy_changes_names_deals_that_it_can_not_judge(
    asked: Office,
) -> None:
    decides(asked, "morgan", "sales_manager")
    roles = {k: v for k, v in asked.rules.policy.roles.items() if k != "sales_manager"}
    policy = replace(asked.rules.policy, roles=roles)
    error = DomainError.of("gone", "The clause uptime is gone.")
    with sessions(asked.engine)() as session:
        stored = asked.stored(session)
        unread = UnreadableDeal(stored.row, stored.version_row, error)
        found = list(deal_effects([stored, unread], policy, asked.rules))
        assert list(deal_effects([stored], asked.rules.policy, asked.rules)) == []
    assert [one.number for one in found] == [stored.row.number] * 2
    assert "has no role “sales_manager”" in found[0].problem
    assert "The clause uptime is gone." in found[1].problem
    assert (found[0].more, found[0].fewer) == ((), ())
