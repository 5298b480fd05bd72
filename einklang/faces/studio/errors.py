from __future__ import annotations

from einklang.core.errors import EinklangError


class UnknownFilter(EinklangError):
    """A list was asked for by a filter, or by a value of one, that it does not know."""

    def __init__(self, listing: object, filters: list[tuple[str, str]]) -> None:
        super().__init__(", ".join(label for label, _ in filters))
        self.listing = listing
        self.filters = filters
