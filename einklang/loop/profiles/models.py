from __future__ import annotations

from django.db import models


class Profile(models.Model):
    """What the log says of a person up to `pos`. Can be made anew from the log at any time."""

    person = models.UUIDField(primary_key=True)
    state = models.JSONField(default=dict)
    pos = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.person)
