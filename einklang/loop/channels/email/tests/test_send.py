from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from einklang.core import settings
from einklang.loop.channels.contract import Adapter, Receipt
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.channels.email.journal import BOOT, Journal, fates
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.loop.channels.tests.cases import NOW, AdapterCases

ADDRESSES = ("albrecht@praxis.example", "kern@praxis.example")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


class TestEmail(AdapterCases):
    @pytest.fixture
    def adapter(self, server: MailServer) -> Adapter:
        self.server = server
        return EmailAdapter(target=lambda: server.url)

    def delivered(self, adapter: Adapter) -> list[str]:
        return self.server.message_ids

    def test_a_line_that_begins_with_a_dot_arrives_as_it_was(self, adapter: Adapter) -> None:
        message = self.outgoing()
        adapter.send([message], NOW)
        assert self.server.raw == [message.mime]

    def test_a_mail_that_is_put_off_comes_later_and_says_nothing_against_the_address(self, adapter: Adapter) -> None:
        (receipt,) = adapter.send([self.outgoing("greylisted@praxis.example")], NOW)
        assert (receipt.outcome, receipt.permanent) == ("deferred", False)
        assert "451" in receipt.detail

    def test_refused_content_says_nothing_against_the_address(self, adapter: Adapter) -> None:
        (receipt,) = adapter.send([self.outgoing("spam@praxis.example")], NOW)
        assert (receipt.outcome, receipt.permanent) == ("failed", False)

    def test_a_break_after_the_body_has_left_is_uncertain_and_the_next_mail_goes_out(self, adapter: Adapter) -> None:
        broken, following = self.outgoing("breaks@praxis.example"), self.outgoing()
        receipts = adapter.send([broken, following], NOW)
        assert [receipt.outcome for receipt in receipts] == ["uncertain", "sent"]
        assert self.delivered(adapter) == [broken.message_id, following.message_id]

    def test_what_this_process_heard_is_known_after_a_crash_and_by_no_other_claim(self, adapter: Adapter) -> None:
        sent, refused, broken, late = (
            replace(self.outgoing(f"{name}@praxis.example"), claim="here/1@noon")
            for name in ("albrecht", "refused", "breaks", "late")
        )

        def told(receipt: Receipt) -> bool:
            return receipt.id != broken.id

        adapter.send([sent, refused, broken, late], NOW, told)
        fates = adapter.reconcile([sent, refused, broken, late])
        assert list(fates.values()) == ["sent", "not_sent", "unknown", "not_sent"]
        others = adapter.reconcile([replace(each, claim="there/1@noon") for each in (sent, late)])
        assert set(others.values()) == {"unknown"}


@pytest.mark.usefixtures("own_home")
def test_nothing_is_believed_of_a_process_that_may_still_send() -> None:
    waiting = replace(TestEmail().outgoing(), claim="here/1@noon")
    folder = settings.get().home / "outgoing"
    open_one = Journal(folder, [waiting])
    assert fates(folder, [waiting]) == {waiting.id: "unknown"}
    open_one.close()
    assert fates(folder, [waiting]) == {waiting.id: "not_sent"}


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize("tail", ["", "leav"])
def test_a_line_that_was_cut_off_says_nothing_and_another_boot_is_not_believed(tail: str) -> None:
    waiting = replace(TestEmail().outgoing(), claim="here/1@noon")
    folder = settings.get().home / "outgoing"
    Journal(folder, [waiting]).close()
    (file,) = folder.glob("*.log")
    file.write_text(file.read_text() + tail)
    assert fates(folder, [waiting]) == {waiting.id: "not_sent"}
    file.write_text(file.read_text().replace("boot ", "boot before "))
    assert fates(folder, [waiting]) == {waiting.id: "unknown"}


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("EINKLANG_HOME", str(tmp_path))
    settings.get.cache_clear()
    yield
    monkeypatch.undo()
    settings.get.cache_clear()


def test_without_a_mail_server_everything_waits() -> None:
    message = TestEmail().outgoing()
    (receipt,) = EmailAdapter(target=lambda: None).send([message], NOW)
    assert (receipt.id, receipt.outcome) == (message.id, "deferred")
    assert "EINKLANG_SMTP_URL" in receipt.detail


def test_what_the_time_of_a_batch_does_not_reach_gets_no_receipt(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("einklang.loop.channels.email.adapter.BATCH", timedelta(seconds=-1))
    assert EmailAdapter(target=lambda: server.url).send([TestEmail().outgoing()], NOW) == []
    assert server.mails == []


def test_a_server_that_is_down_puts_the_whole_batch_off() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    messages = [TestEmail().outgoing(), TestEmail().outgoing()]
    receipts = EmailAdapter(target=lambda: f"smtp://127.0.0.1:{port}").send(messages, NOW)
    assert [receipt.outcome for receipt in receipts] == ["deferred", "deferred"]


def test_a_server_that_never_answers_puts_the_batch_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("einklang.loop.channels.email.adapter.TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        (receipt,) = EmailAdapter(target=lambda: url).send([TestEmail().outgoing()], NOW)
    assert receipt.outcome == "deferred"


@contextmanager
def room_for(number: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 60, 150])
def test_what_cannot_be_written_down_before_does_not_leave(server: MailServer, room: int) -> None:
    adapter, messages = EmailAdapter(target=lambda: server.url), [AdapterCases().outgoing(name) for name in ADDRESSES]
    with room_for(room):
        receipts = adapter.send(messages, NOW)
    assert [receipt.outcome for receipt in receipts] == ["deferred", "deferred"]
    assert server.mails == []


def test_a_disk_that_fills_up_between_two_mails_stops_the_second_and_forgets_nothing_of_the_first(
    server: MailServer,
) -> None:
    adapter = EmailAdapter(target=lambda: server.url)
    messages = [replace(AdapterCases().outgoing(name), claim="here/1@noon") for name in ADDRESSES]
    room = len(f"boot {BOOT.read_text().strip()}\n")
    room += sum(len(f"waits here/1@noon {each.id}\n") for each in messages)
    room += len(f"leaves here/1@noon {messages[0].id}\n") + 5
    with room_for(room):
        receipts = adapter.send(messages, NOW)
    assert [receipt.outcome for receipt in receipts] == ["sent", "deferred"]
    assert server.message_ids == [messages[0].message_id]
    told = fates(settings.get().home / "outgoing", messages)
    assert told == {messages[0].id: "unknown", messages[1].id: "not_sent"}
