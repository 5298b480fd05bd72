from __future__ import annotations

import pytest

from einklang.core import company


@pytest.fixture
def settings_of_the_company() -> tuple[str, ...]:
    return (company.current().name, *company.current().address)
