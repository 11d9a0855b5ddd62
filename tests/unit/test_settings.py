"""Settings: local defaults, and each wrong variable named at once."""

from concurrent.futures import ThreadPoolExecutor
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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DEALDESK_SMTP_URL", "mail.example.com:25"),
        ("DEALDESK_SMTP_URL", "http://mail.example.com"),
        ("DEALDESK_SMTP_URL", "smtp://user:hush@host:99999"),
        ("DEALDESK_SMTP_URL", "smtp://:hush@"),
        ("DEALDESK_MAIL_SENDER", "Desk <desk@example.com>"),
        ("DEALDESK_MAIL_SENDER", "desk@example.com\nBcc: a@b.c"),
        ("DEALDESK_QUEUE", "sqlite:///queue.db"),
        ("DEALDESK_QUEUE", "amqp://host"),
        ("DEALDESK_CERTIFICATE", "/nowhere/key.pem"),
        ("DEALDESK_PASSPHRASE_FILE", "/nowhere/phrase"),
        ("DEALDESK_LEASE", "0"),
        ("DEALDESK_LEASE", "5 minutes"),
        ("DEALDESK_LEASE", "9999999"),
    ],
)
def test_a_wrong_word_about_mail_or_jobs_is_named(name: str, text: str, tmp_path: Path) -> None:
    sender = {"DEALDESK_MAIL_SENDER": "desk@example.com"}
    with pytest.raises(SettingsError, match=name) as raised:
        read_settings({"DEALDESK_VAR": str(tmp_path), **sender, name: text})
    assert len(raised.value.problems) == 1
    assert "hush" not in str(raised.value)


def test_a_mail_server_needs_a_sender(tmp_path: Path) -> None:
    given = {"DEALDESK_VAR": str(tmp_path), "DEALDESK_SMTP_URL": "smtp://mail.example.com"}
    with pytest.raises(SettingsError, match="DEALDESK_MAIL_SENDER is missing"):
        read_settings(given)
    found = read_settings(
        given | {"DEALDESK_MAIL_SENDER": "desk@example.com", "DEALDESK_LEASE": "9"}
    )
    assert (found.smtp_url, found.lease.seconds) == ("smtp://mail.example.com", 9)
    assert found.links_lead_to == "http://127.0.0.1:8000"


def test_two_first_starts_at_once_share_one_key(tmp_path: Path) -> None:
    given = {"DEALDESK_VAR": str(tmp_path / "var")}
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_settings(given).secret_key, range(24)))
    assert {len(key) for key in keys} == {64}
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret-key"]


@pytest.mark.parametrize("kept", ["", "\n", "short"])
def test_a_kept_key_that_is_cut_short_is_refused(tmp_path: Path, kept: str) -> None:
    (tmp_path / "secret-key").write_text(kept)
    with pytest.raises(SettingsError, match="holds a key of fewer than"):
        read_settings({"DEALDESK_VAR": str(tmp_path)})


def test_no_secret_is_printed_with_the_settings(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "DEALDESK_VAR": str(tmp_path),
            "DATABASE_URL": "postgresql://u:hush@h/n",
            "DEALDESK_SMTP_URL": "smtp://u:hush@mail.example.com",
            "DEALDESK_MAIL_SENDER": "desk@example.com",
            "DEALDESK_QUEUE": "redis://:hush@h/0",
            "DEALDESK_SECRET_KEY": "hush" * 10,
        }
    )
    assert "hush" not in repr(settings)
