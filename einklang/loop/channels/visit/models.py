from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from einklang.core import ids
from einklang.facts.people.models import Person, User

CHANNELS = [(channel, channel) for channel in ("visit", "phone")]
TASK_STATES = [(state, state) for state in ("open", "done", "dropped")]


class Report(models.Model):
    """A visit or a call from its planning to its report. A trigger refuses every change after `held_at` is set."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    rep = models.ForeignKey(User, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    channel = models.TextField(choices=CHANNELS, default="visit")
    presumed_because = models.TextField(default="", help_text="why a call may be presumed to be welcome (DE-CON-03)")
    at = models.DateTimeField()
    planned_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    verdict = models.UUIDField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    products = ArrayField(models.UUIDField(), default=list)
    smpc_presented = models.JSONField(default=dict)
    safety = models.BooleanField(null=True)
    content_slugs = ArrayField(models.TextField(), default=list)
    shown = ArrayField(models.UUIDField(), default=list, help_text="content versions, as they were shown")
    key_messages = models.JSONField(default=list)
    next_steps = models.JSONField(default=list)
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


class Draft(models.Model):
    """A report that is being written: what a lost session or a closed page must not take away."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    rep = models.ForeignKey(User, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    channel = models.TextField(choices=CHANNELS)
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("rep", "person", "channel"), name="visit_draft_once"),)


class Shown(models.Model):
    """What a rep showed a person, until it stands in the report."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    rep = models.ForeignKey(User, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    content = models.UUIDField()
    slug = models.TextField()
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("rep", "person", "content", "day"), name="visit_shown_once_a_day"),
        )


class Task(models.Model):
    """What a rep has to do. `source` says where it comes from, and that the same is not made twice."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    rep = models.ForeignKey(User, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    title = models.TextField()
    due = models.DateField()
    source = models.TextField()
    state = models.TextField(choices=TASK_STATES, default="open")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("rep", "source"), name="visit_task_once"),)
        indexes = (models.Index(fields=("rep", "state", "due"), name="visit_task_rep"),)
