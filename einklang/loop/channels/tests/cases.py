"""What every adapter promises. A channel's tests inherit these cases and name their own adapter and recipients."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.loop.channels.contract import Adapter, Outgoing

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class AdapterCases:
    """A subclass gives the fixture `adapter` and makes `refused` an address that is refused for good."""

    refused = "refused@praxis.example"

    @pytest.fixture
    def adapter(self) -> Adapter:
        raise NotImplementedError

    def delivered(self, adapter: Adapter) -> list[str]:
        """Message ids of what really arrived, in order."""
        raise NotImplementedError

    def outgoing(self, recipient: str = "albrecht@praxis.example") -> Outgoing:
        id_ = ids.new()
        mime = f"Message-ID: <{id_}@localhost>\r\nSubject: Probe\r\n\r\n.Punkt am Anfang\r\n".encode()
        return Outgoing(id_, f"<{id_}@localhost>", "post@localhost", recipient, mime)

    def test_each_message_gets_the_receipt_of_its_own_fate(self, adapter: Adapter) -> None:
        first, second = self.outgoing(), self.outgoing()
        receipts = adapter.send([first, second], NOW)
        assert [(receipt.id, receipt.outcome, receipt.at) for receipt in receipts] == [
            (first.id, "sent", NOW),
            (second.id, "sent", NOW),
        ]
        assert self.delivered(adapter) == [first.message_id, second.message_id]

    def test_a_refused_message_stops_neither_those_before_nor_those_after_it(self, adapter: Adapter) -> None:
        first, bad, last = self.outgoing(), self.outgoing(self.refused), self.outgoing()
        receipts = {receipt.id: receipt for receipt in adapter.send([first, bad, last], NOW)}
        assert [receipts[each.id].outcome for each in (first, bad, last)] == ["sent", "failed", "sent"]
        assert receipts[bad.id].permanent
        assert receipts[bad.id].detail
        assert self.delivered(adapter) == [first.message_id, last.message_id]

    def test_nothing_to_send_is_nothing_done(self, adapter: Adapter) -> None:
        assert adapter.send([], NOW) == []
        assert self.delivered(adapter) == []

    def test_after_a_crash_every_message_gets_an_answer(self, adapter: Adapter) -> None:
        sent, other = self.outgoing(), self.outgoing()
        adapter.send([sent], NOW)
        fates = adapter.reconcile([sent, other])
        assert set(fates) == {sent.id, other.id}
        assert fates[sent.id] in ("sent", "unknown")
        assert fates[other.id] in ("not_sent", "unknown")

    def test_a_report_that_is_not_understood_is_refused(self, adapter: Adapter) -> None:
        with pytest.raises(InputError):
            adapter.parse({"event": "unheard of"})
