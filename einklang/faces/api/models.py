from __future__ import annotations

from django.db import models


class Refused(models.Model):
    """How many events of a kind a rule kept out on a day: all that remains of them, without a person."""

    day = models.DateField()
    source = models.TextField()
    kind = models.TextField()
    rule = models.TextField()
    number = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["day", "source", "kind", "rule"], name="api_refused_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.rule}: {self.number}"
