from __future__ import annotations

from einklang.core.errors import EinklangError


class BadBackup(EinklangError):
    """A backup that is broken, foreign or of a version to come; its text says what to do instead."""


class Failed(EinklangError):
    """One of PostgreSQL's programs gave up, or the disk did; its text is what it said."""
