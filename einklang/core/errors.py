from __future__ import annotations

from einklang.core.words import Words


class EinklangError(Exception):
    """Root of every error that this product raises itself; its text is a sentence for people."""


class SettingsError(EinklangError):
    """The configuration does not allow a start."""


class InputError(EinklangError):
    """What somebody entered breaks a rule: names the field, the rule and the way out."""

    def __init__(self, field: str, rule: Words | str, way_out: Words | str = "") -> None:
        super().__init__(field, rule, way_out)
        self.field = field
        self.rule = rule
        self.way_out = way_out

    def __str__(self) -> str:
        return " ".join(str(part) for part in (f"{self.field}: {self.rule!s}", self.way_out) if part)


class NotAllowed(EinklangError):
    """The caller may not do or see this."""


class Conflict(EinklangError):
    """Somebody else was faster, or the state no longer permits the act."""


class NotFound(EinklangError):
    """There is no such thing, or none that the caller may know of."""


class BadToken(EinklangError):
    """A link or token that this installation did not sign for this purpose, or one that has expired."""
