from __future__ import annotations

from einklang.core.errors import Conflict


class LockError(Conflict):
    """At least one of the persons to be locked does not exist (any more)."""
