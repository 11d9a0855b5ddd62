"""Settings: local defaults, and each wrong variable named at once."""

from pathlib import Path

import pytest

from dealdesk.kernel.settings import SettingsError, read_settings


def test_nothing_set_is_a_local_database_and_a_key_that_lasts(tmp_path: Path) -> None:
    given = {"DEALDESK_VAR": str(tmp_path / "var")}
    first, second = read_settings(given), read_settings(given)
    assert first == second
    assert first.database_url == f"sqlite:///{tmp_path}/var/dealdesk.db"
    assert len(first.secret_key) == 64
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o077 == 0
    assert not first.is_https


def test_every_wrong_variable_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(
            {
                "DATABASE_URL": "mysql://host/name",
                "DEALDESK_VAR": str(tmp_path),
                "DEALDESK_SECRET_KEY": "short",
                "DEALDESK_LIBRARY": str(tmp_path / "absent"),
                "DEALDESK_EXTRA_FONTS": str(tmp_path / "absent"),
                "DEALDESK_HTTPS": "perhaps",
            }
        )
    named = [problem.message.split()[0] for problem in raised.value.problems]
    assert named == [
        "DATABASE_URL",
        "DEALDESK_SECRET_KEY",
        "DEALDESK_LIBRARY",
        "DEALDESK_EXTRA_FONTS",
        "DEALDESK_HTTPS",
    ]
    assert "short" not in str(raised.value)


@pytest.mark.parametrize("given", ["postgres://u@h/n", "postgresql://u@h/n"])
def test_postgresql_urls_name_the_driver(given: str, tmp_path: Path) -> None:
    settings = read_settings({"DATABASE_URL": given, "DEALDESK_VAR": str(tmp_path)})
    assert settings.database_url == "postgresql+psycopg://u@h/n"
