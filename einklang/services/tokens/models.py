"""Private to this room: others call `tokens`."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from einklang.core import ids
from einklang.facts.people.models import User


class Token(models.Model):
    """Of the token itself only the digest is kept: it is random and long, so that nobody finds it from there."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.TextField()
    digest = models.TextField(unique=True)
    ending = models.TextField()
    scopes = ArrayField(models.TextField())
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} …{self.ending}"
