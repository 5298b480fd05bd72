"""Files that were brought in, row by row. The rows themselves stand in the tables of the rooms that own them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from einklang.core import ids
from einklang.facts.people.models import User

STATES = ("uploaded", "checking", "checked", "running", "stopped", "done", "failed")


class Batch(models.Model):
    """`position` and `offset`: the rows before it are done in this phase; both move with what the rows became."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    kind = models.TextField()
    source = models.TextField()
    third_party = models.BooleanField(default=False)
    filename = models.TextField()
    format = models.JSONField()
    sha256 = models.TextField()
    columns = ArrayField(models.TextField())
    mapping = models.JSONField(default=dict)
    rows = models.IntegerField()
    state = models.TextField(default="uploaded")
    phase = models.TextField(default="check")
    position = models.IntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    version = models.IntegerField(default=0)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    file_erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(state__in=STATES), name="imports_batch_state_known"),)
        indexes = (
            models.Index(
                fields=("created_at",),
                condition=models.Q(state__in=("checking", "running")),
                name="imports_batch_at_work",
            ),
        )


class Refusal(models.Model):
    """Why a row was not taken, or what is doubtful about it (`warning`). Names fields, never values."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    position = models.IntegerField()
    row = models.IntegerField()
    field = models.TextField()
    rule = models.JSONField()
    way_out = models.JSONField()
    warning = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("batch", "position"), name="imports_refusal_row"),)


class Change(models.Model):
    """What a row made of its subject; `before` and `after` hold only what differs, so a new subject has none."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    row = models.IntegerField()
    subject = models.UUIDField(null=True, db_index=True)
    result = models.TextField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("batch", "row"), name="imports_change_row"),)


class Mapping(models.Model):
    """Which column is which field, remembered for files with the same columns."""

    kind = models.TextField()
    columns_sha256 = models.TextField()
    mapping = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "columns_sha256"), name="imports_mapping_once"),)


class Reference(models.Model):
    """Names under which a source knows what has no such column of its own: organisations, consents."""

    namespace = models.TextField()
    value = models.TextField()
    subject = models.UUIDField()
    moment = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("namespace", "value"), name="imports_reference_once"),)
