"""The devices that flows are tried on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.eyes.look import SIZES


def devices(usual: str) -> pytest.MarkDecorator:
    """The usual one in every run, the others in `make test-all`."""
    return pytest.mark.parametrize(
        "device", [pytest.param(each, marks=() if each == usual else pytest.mark.slow) for each in SIZES]
    )


def hold(page: Page, device: str) -> None:
    width, height = SIZES[device]
    page.set_viewport_size({"width": width, "height": height})
