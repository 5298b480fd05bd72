from __future__ import annotations

from django.db import models

from einklang.facts.people.models import User


class ViewCount(models.Model):
    """Views of people who did not allow us to remember what they read: how many, never who (DE-TRK-01)."""

    content = models.UUIDField()
    day = models.DateField()
    n = models.IntegerField()

    class Meta:
        db_table = "portal_view_count"
        constraints = (models.UniqueConstraint(fields=("content", "day"), name="view_count_once"),)


class Notice(models.Model):
    """The answer to the consent notice, a no included, with the wording shown: nobody is asked twice (DE-TRK-03)."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    accepted = models.BooleanField()
    wording = models.UUIDField(null=True)
    at = models.DateTimeField()
