"""Mail is said over TLS or not at all, except to a server on this machine."""

import socket
import ssl
import threading
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dealdesk.kernel.errors import UnavailableError
from dealdesk.outbox.adapters import smtp
from dealdesk.outbox.adapters.smtp import SmtpMailer
from dealdesk.signing.certificates import make_development_identity
from tests.integration.test_worker import NOW
from tests.smtp import smtp_server


def message() -> EmailMessage:
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = "a@example.com", "b@example.com", "Hello"
    found.set_content("A secret.")
    return found


def test_nothing_is_said_to_a_distant_server_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "LOOPBACK", frozenset())
    with smtp_server() as inbox, pytest.raises(UnavailableError, match="STARTTLS"):
        SmtpMailer(inbox.url).send(message())
    assert inbox.messages == []


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    identity = make_development_identity(NOW)
    pem = identity.certificate.public_bytes(Encoding.PEM) + identity.key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (tmp_path / "server.pem").write_bytes(pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem")
    said: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=greet, args=(listening, context, said))
        thread.start()
        with pytest.raises(UnavailableError, match="certificate verify failed"):
            SmtpMailer(f"smtps://user:hush@localhost:{port}").send(message())
        thread.join()
    assert said == []


def greet(listening: socket.socket, context: ssl.SSLContext, said: list[bytes]) -> None:
    """Speak TLS from the start, as a mail server does, and note what is said then."""
    plain, _ = listening.accept()
    with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as secured:
        secured.sendall(b"220 ready\r\n")
        said.append(secured.recv(1000))


def test_the_servers_address_is_not_shown() -> None:
    assert "hush" not in repr(SmtpMailer("smtp://user:hush@mail.example.com"))
