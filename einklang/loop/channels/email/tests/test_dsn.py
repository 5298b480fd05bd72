"""What mail servers write back, and to whom."""

from __future__ import annotations

from uuid import UUID

import pytest

from einklang.core import ids
from einklang.loop.channels.email import dsn, verp
from einklang.loop.channels.email.tests.bounces import EXCHANGE, EXIM, POSTFIX, bounce
from einklang.loop.channels.email.tests.test_render import NOW

MESSAGE = UUID(int=9)
AUTO_REPLY = b"From: a@praxis.example\r\nSubject: Abwesend\r\nAuto-Submitted: auto-replied\r\n\r\nIm Urlaub.\r\n"


@pytest.mark.parametrize("form", [POSTFIX, EXIM, EXCHANGE])
def test_an_unknown_mailbox_speaks_against_the_address(form: str) -> None:
    found = dsn.receipt(bounce(form), MESSAGE, NOW)
    assert found is not None
    assert (found.id, found.outcome, found.at, found.permanent) == (MESSAGE, "bounced", NOW, True)
    assert found.detail.startswith("5.1.1")


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.0.0", "5.4.1", "5.1.8"])
def test_a_full_mailbox_a_policy_or_our_own_fault_do_not(status: str) -> None:
    found = dsn.receipt(bounce(POSTFIX, status=status), MESSAGE, NOW)
    assert found is not None
    assert (found.outcome, found.permanent) == ("bounced", False)


def test_what_is_only_late_says_nothing_yet() -> None:
    assert dsn.receipt(bounce(POSTFIX, action="delayed", status="4.4.1"), MESSAGE, NOW) is None


def test_a_confirmed_delivery_is_one() -> None:
    found = dsn.receipt(bounce(POSTFIX, action="delivered", status="2.0.0"), MESSAGE, NOW)
    assert found is not None
    assert (found.outcome, found.permanent) == ("delivered", False)


@pytest.mark.parametrize("mail", [AUTO_REPLY, b"", b"\x00\xff", bounce("no status at all")])
def test_an_answer_of_another_kind_is_none(mail: bytes) -> None:
    assert dsn.receipt(mail, MESSAGE, NOW) is None


def test_a_return_address_names_its_message_whatever_its_case() -> None:
    message = ids.new()
    address = verp.address(message, "bounces.aurelia.example")
    assert len(address.split("@")[0]) <= 64, "RFC 5321"
    assert {verp.read(address), verp.read(address.upper())} == {message}


@pytest.mark.parametrize(
    "address", ["post@aurelia.example", "bounce+@x.example", "bounce+" + "0" * 32 + "-" + "0" * 12 + "@x"]
)
def test_a_return_address_that_we_never_gave_away_is_nobodys(address: str) -> None:
    assert verp.read(address) is None
