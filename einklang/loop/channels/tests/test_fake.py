from __future__ import annotations

from typing import cast

import pytest

from einklang.loop.channels.contract import Adapter, Receipt
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.channels.tests.cases import NOW, AdapterCases


class TestFake(AdapterCases):
    @pytest.fixture
    def adapter(self) -> Adapter:
        return FakeAdapter(outcomes={self.refused: "failed"})

    def delivered(self, adapter: Adapter) -> list[str]:
        return [message.message_id for message in cast(FakeAdapter, adapter).sent]

    def test_reports_are_handed_on_as_they_are(self, adapter: Adapter) -> None:
        receipts = [Receipt(self.outgoing().id, "delivered", NOW)]
        assert adapter.parse(receipts) == receipts
