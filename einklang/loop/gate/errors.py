from __future__ import annotations

from einklang.core.errors import EinklangError


class PackError(EinklangError):
    """A rule pack that may not be used: it breaks its form, or loosens what it extends."""
