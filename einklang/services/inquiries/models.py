"""Safety reports, stored as they were heard. A trigger in the migration refuses every change."""

from __future__ import annotations

from django.db import models


class SafetyReport(models.Model):
    """What somebody said about a medicine's risk. Only what was said is required: the rest may be missing."""

    id = models.UUIDField(primary_key=True)
    token = models.TextField(unique=True)
    reported_by = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    source = models.TextField()
    product = models.TextField(blank=True)
    statement = models.TextField()
    heard_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    verdict = models.UUIDField(null=True)
