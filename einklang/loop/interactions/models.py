"""Django knows that the log exists, no more: reading and writing is plain SQL in `log.py`."""

from __future__ import annotations

from django.db import models


class Row(models.Model):
    pos = models.BigIntegerField(primary_key=True)
    id = models.UUIDField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    kind = models.TextField()
    person = models.UUIDField(null=True)
    source = models.TextField()
    source_id = models.TextField()

    class Meta:
        managed = False
        db_table = "interactions_log"

    def __str__(self) -> str:
        return f"{self.pos} {self.kind}"
