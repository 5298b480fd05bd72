"""Every way in which a mail server can refuse has its own field and its own words."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from einklang.core.errors import InputError
from einklang.loop.channels.email import adapter
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.project.mail_trial import try_mail

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TO = "ada@nordlicht.example"
PASSWORD = "geheim-ist-es"


def answers(server: MailServer | None = None, **changes: str) -> dict[str, str]:
    place = urlsplit(server.url if server else "smtp://127.0.0.1:1")
    known = {"company": "Nordlicht", "mail_host": str(place.hostname), "mail_port": str(place.port)}
    return known | {"mail_security": "none", "mail_domain": "nordlicht.example"} | changes


def refusal(known: dict[str, str], to: str = TO) -> tuple[str, str]:
    with pytest.raises(InputError) as refused:
        try_mail(known, to, "de", NOW)
    return refused.value.field, str(refused.value.rule)


def logged_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"post", PASSWORD.encode())
    return AuthResult(success=right, handled=False)


ASKS_LOGIN: dict[str, Any] = {"auth_required": True, "auth_require_tls": False, "authenticator": logged_in}


def test_the_test_mail_arrives_in_the_language_of_whoever_sets_up() -> None:
    with mail_server() as server:
        assert try_mail(answers(server), TO, "en", NOW)
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"]) == (TO, "Test mail from Einklang")


def test_without_a_server_nothing_is_tried_and_without_an_address_nothing_is_sent() -> None:
    assert not try_mail({"mail_host": ""}, TO, "de", NOW)
    with mail_server() as server:
        assert try_mail(answers(server), "", "de", NOW)
    assert server.mails == []


UNSAFE = pytest.mark.filterwarnings(
    "ignore:Requiring AUTH while not requiring TLS"
)  # what aiosmtpd thinks of this test


@UNSAFE
def test_a_login_is_made_and_a_wrong_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(**ASKS_LOGIN) as server:
        known = answers(server, mail_user="post")
        assert refusal(known)[0] == "mail_user"
        monkeypatch.setenv("EINKLANG_SMTP_PASSWORD", "falsch")
        assert refusal(known) == (
            "mail_user",
            "Der Mailserver weist die Anmeldung ab: 535 5.7.8 Authentication credentials invalid.",
        )
        monkeypatch.setenv("EINKLANG_SMTP_PASSWORD", PASSWORD)
        assert try_mail(known, TO, "de", NOW)


@UNSAFE
def test_a_login_that_is_missing_is_told() -> None:
    with mail_server(**ASKS_LOGIN) as server:
        assert "530" in refusal(answers(server))[1]


def test_a_refused_sender_recipient_or_text_names_its_own_field() -> None:
    with mail_server() as server:
        assert refusal(answers(server, mail_domain="stranger.example")) == (
            "mail_domain",
            "Der Mailserver nimmt post@stranger.example nicht als Absender: 553 5.7.1 Sender is not ours.",
        )
        assert refusal(answers(server), "refused@nordlicht.example")[0] == "admin_email"
        assert "554" in refusal(answers(server), "spam@nordlicht.example")[1]


def test_a_server_without_the_encryption_that_is_asked_gets_nothing() -> None:
    with mail_server() as server:
        assert refusal(answers(server, mail_security="starttls"))[0] == "mail_security"
        assert refusal(answers(server, mail_security="tls"))[0] == "mail_security"
    assert server.mails == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with mail_server(certificate=self_signed(tmp_path)) as server:
        field, rule = refusal(answers(server, mail_security="tls"))
    assert (field, "Zertifikat" in rule) == ("mail_security", True)


def test_nobody_at_the_port_no_such_host_and_silence_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(answers()) == ("mail_port", "An 127.0.0.1:1 nimmt niemand ab.")
    assert refusal(answers(mail_host="gibt-es-nicht.invalid"))[0] == "mail_host"
    monkeypatch.setattr(adapter, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        assert "antwortet nicht innerhalb" in refusal(answers(mail_port=port))[1]


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(NOW - timedelta(days=9)).not_valid_after(NOW + timedelta(days=9999))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "own.pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem")
    return context
