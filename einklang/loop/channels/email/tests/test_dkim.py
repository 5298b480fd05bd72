"""Our signatures before a verifier that is not ours (dkimpy), over a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dkim as verifier
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from einklang.core import ids
from einklang.core.errors import SettingsError
from einklang.loop.channels.contract import Outgoing
from einklang.loop.channels.email import config, dkim
from einklang.loop.channels.email.adapter import EmailAdapter, finished
from einklang.loop.channels.email.render import render
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.loop.channels.email.tests.test_render import NOW, ONE_CLICK, letter


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    dkim.create(place)
    return place


@pytest.fixture
def key(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> dkim.Key:
    monkeypatch.setenv("EINKLANG_DKIM_KEY", str(key_file))
    return dkim.load(key_file)


def outgoing(**changes: str) -> Outgoing:
    mime = render(letter(one_click=ONE_CLICK, **changes))
    return Outgoing(ids.new(), "<1@localhost>", "post@localhost", "a@praxis.example", mime)


def verified(raw: bytes, key: dkim.Key) -> bool:
    def record(_name: bytes, timeout: int = 5) -> bytes:
        return key.record.encode()

    return bool(verifier.verify(raw, dnsfunc=record))


def test_a_mail_that_arrived_carries_a_valid_signature(server: MailServer, key: dkim.Key) -> None:
    EmailAdapter(target=lambda: server.url).send([outgoing()], NOW)
    assert verified(server.raw[0], key)


@pytest.mark.parametrize(
    ("whole", "forged"),
    [
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks"),
        (ONE_CLICK.encode(), b"https://elsewhere.example"),
        (b"From: ", b"From: Mallory <mallory@elsewhere.example>\r\nFrom: "),
        (b"Guten", b"Boesen"),
    ],
    ids=["one click", "address of one click", "a second sender", "text"],
)
def test_what_was_changed_on_the_way_is_not_ours_any_more(key: dkim.Key, whole: bytes, forged: bytes) -> None:
    raw = finished(outgoing(variables={"salutation": "Guten Tag", "company": "Aurelia"}), config.get())  # type: ignore[arg-type]
    assert whole in raw
    assert verified(raw, key)
    assert not verified(raw.replace(whole, forged, 1), key)


def test_mail_servers_may_fold_headers_anew_and_add_spaces_at_line_ends(key: dkim.Key) -> None:
    raw = finished(outgoing(), config.get())
    assert verified(
        raw.replace(b"Subject: ", b"Subject:\r\n\t", 1).replace(b"MIME-Version: 1.0", b"mime-version:  1.0 "), key
    )


def test_ed25519_signs_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "ed25519.pem"
    place.write_bytes(_pem(ed25519.Ed25519PrivateKey.generate()))
    monkeypatch.setenv("EINKLANG_DKIM_KEY", str(place))
    assert verified(finished(outgoing(), config.get()), dkim.load(place))


def test_without_a_key_the_mail_leaves_as_it_was_rendered() -> None:
    mail = outgoing()
    assert finished(mail, config.get()) == mail.mime


def test_an_empty_body_is_signed_as_one(key: dkim.Key) -> None:
    mail = replace(outgoing(), mime=b"From: post@localhost\r\nSubject: x\r\n\r\n")
    assert verified(finished(mail, config.get()), key)


def test_a_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "short.pem"
    place.write_bytes(_pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)))
    with pytest.raises(SettingsError, match="1024 bits"):
        dkim.load(place)


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "none.pem"
    place.write_text("nothing")
    with pytest.raises(SettingsError, match="no private key"):
        dkim.load(place)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "dkim.pem"
    assert dkim.create(place).record == dkim.load(place).record
    assert place.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        dkim.create(place)


@pytest.mark.parametrize(
    ("service", "header"),
    [("postmark", b"X-PM-Metadata-message: "), ("mailgun", b'X-Mailgun-Variables: {"message": "')],
)
def test_a_mail_service_learns_our_name_of_the_mail_and_measures_nothing(
    key: dkim.Key, monkeypatch: pytest.MonkeyPatch, service: str, header: bytes
) -> None:
    monkeypatch.setenv("EINKLANG_MAIL_SERVICE", service)
    mail = outgoing()
    raw = finished(mail, config.get())
    assert header + str(mail.id).encode() in raw
    assert b"Track" in raw
    assert verified(raw, key)


def _pem(private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private.private_bytes(*form)
