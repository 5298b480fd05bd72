"""Long work that somebody asked for, what came of it, and the people in it. Results expire."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from einklang.core import ids

KINDS = [(kind, kind) for kind in ("results", "rehearsal")]
STATES = [(state, state) for state in ("waiting", "running", "done", "failed")]


class Job(models.Model):
    """`wanted` says what exactly; `result` holds counts only, never people."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    kind = models.TextField(choices=KINDS)
    journey = models.ForeignKey("decide.Journey", models.PROTECT, null=True, related_name="+")
    wanted = models.JSONField(default=dict)
    state = models.TextField(choices=STATES, default="waiting")
    percent = models.PositiveSmallIntegerField(default=0, db_default=0)
    begun = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="how often a planner began it")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    result = models.JSONField(null=True)
    error = models.TextField(default="", db_default="")

    class Meta:
        indexes = (
            models.Index(fields=["asked_at"], name="planning_job_open", condition=Q(state__in=("waiting", "running"))),
            models.Index(fields=["journey", "kind", "-asked_at"], name="planning_job_latest"),
        )


class Played(models.Model):
    """What a rehearsal did to one person. It goes with its job, or with the person."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    what = models.TextField(help_text="sent, withheld, suggested")
    step = models.TextField()
    rule = models.TextField(default="", db_default="")
    rep = models.UUIDField(null=True)

    class Meta:
        db_table = "planning_played"
