"""A mail leaves with its own return address, comes back over SMTP, and everything is known."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.facts.people.models import Person
from einklang.loop.channels.email import verp
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.channels.email.tests.bounces import POSTFIX, bounce
from einklang.loop.channels.email.tests.server import mail_server
from einklang.loop.gate import queue, suppression, tasks
from einklang.loop.gate.tests.mails import NOON, ask, reader
from einklang.loop.interactions import log
from tests import cast

PATIENCE_SECONDS = 60


@pytest.fixture
def returns(child_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """The address at which mail comes back to us."""
    monkeypatch.setenv("EINKLANG_BOUNCE_DOMAIN", "bounces.aurelia.example")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = free.getsockname()
    env = child_env | {"EINKLANG_BOUNCE_LISTEN": f"{place[0]}:{place[1]}"}
    process = subprocess.Popen([sys.executable, "-m", "einklang.project.returns"], env=env)
    try:
        yield place
    finally:
        process.terminate()
        process.wait()


def connected(place: tuple[str, int]) -> smtplib.SMTP:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return smtplib.SMTP(*place)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "nobody listens"
            time.sleep(0.1)


def sent_mails() -> tuple[UUID, UUID, list[str]]:
    """Two mails that left, and the return addresses under which a mail server took them."""
    first, second = ask(reader()), ask(_other())
    with mail_server() as inbox:
        tasks.dispatch(NOON, {"email": EmailAdapter(target=lambda: inbox.url)})
        senders = inbox.senders
    assert first.message
    assert second.message
    return first.message, second.message, senders


def _other() -> Person:
    person = cast.kern()
    cast.allow(person, "email")
    return person


@pytest.mark.usefixtures("fresh_db")
def test_a_bounce_over_smtp_blocks_the_address_once_and_a_full_mailbox_does_not(returns: tuple[str, int]) -> None:
    gone, full, senders = sent_mails()
    to_gone, to_full = (verp.address(each, "bounces.aurelia.example") for each in (gone, full))
    assert set(senders) == {to_gone, to_full}
    with connected(returns) as server:
        for _ in range(2):
            server.sendmail("", [to_gone], bounce(POSTFIX, to=to_gone))
        server.sendmail("", [to_full], bounce(POSTFIX, to=to_full, status="5.2.2", text="mailbox full"))
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            server.sendmail("", ["bounce+guessed@bounces.aurelia.example"], b"Subject: x\r\n\r\n")
    readers = [cast.albrecht(), cast.kern()]
    persons = [each.id for each in readers]
    assert {queue.get(cursor(), each).state for each in (gone, full)} == {"failed"}
    refused = suppression.among(cursor(), [each.email for each in readers])
    assert refused == {suppression.digest(readers[0].email)}
    bounced = [each for each in log.person_history(cursor(), persons, limit=20) if each.kind == "email.bounced"]
    assert {each.message for each in bounced} == {gone, full}
    assert len(bounced) == 2
