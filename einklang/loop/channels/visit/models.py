from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from einklang.core import ids
from einklang.facts.people.models import Person, User


class Report(models.Model):
    """A visit from its planning to its report. A trigger refuses every change after `held_at` is set."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    rep = models.ForeignKey(User, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    planned_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    verdict = models.UUIDField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    products = ArrayField(models.UUIDField(), default=list)
    smpc_presented = models.JSONField(default=dict)
    safety = models.BooleanField(null=True)
    content_slugs = ArrayField(models.TextField(), default=list)
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(held_at__isnull=True) | models.Q(safety__isnull=False, verdict__isnull=False),
                name="visit_report_complete",
            ),
        )
        indexes = (
            models.Index(fields=["rep", "at"], name="visit_report_rep"),
            models.Index(fields=["person", "at"], name="visit_report_person"),
        )
