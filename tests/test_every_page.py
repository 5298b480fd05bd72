"""Every page that a role finds by its links: axe-core in themes and sizes, large text, content security policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.eyes import world
from tests.eyes.__main__ import free_port
from tests.eyes.check import FACES, faults, faults_of_large_text

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with world.served(port=free_port()) as demo:
        yield demo.url


@pytest.mark.parametrize("face", FACES)
def test_each_page_is_without_fault(face: str, url: str) -> None:
    assert [str(fault) for fault in faults(url, FACES[face], every=False)] == []


@pytest.mark.eyes
@pytest.mark.parametrize("face", FACES)
def test_each_page_is_without_fault_in_every_theme_and_size(face: str, url: str) -> None:
    assert [str(fault) for fault in faults(url, FACES[face], every=True)] == []


@pytest.mark.parametrize("face", FACES)
def test_no_page_cuts_covers_or_scrolls_text_of_twice_the_size(face: str, url: str) -> None:
    assert [str(fault) for fault in faults_of_large_text(url, FACES[face])] == []
