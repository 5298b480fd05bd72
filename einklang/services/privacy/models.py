from __future__ import annotations

from django.db import models
from django.db.models import Q

KINDS = [(kind, kind) for kind in ("access", "correction", "erasure")]
STATES = [(state, state) for state in ("open", "done", "refused", "taken_back")]


class Request(models.Model):
    """What somebody asks for by Art. 15, 16 or 17 GDPR. `person` has no foreign key: the answer outlives the person.

    `version` counts changes, so that the second of two who decide is told. `outcomes` is what became of each class.
    `source`, `identity`, `opened_by`: how it came in, how we know who asked, who took it down.
    """

    id = models.UUIDField(primary_key=True)
    token = models.TextField(unique=True)
    person = models.UUIDField(db_index=True)
    kind = models.TextField(choices=KINDS)
    wishes = models.JSONField(default=dict)
    message = models.TextField(default="")
    source = models.TextField(default="portal", db_default="portal")
    identity = models.TextField(default="", db_default="")
    opened_by = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    due = models.DateField()
    extended_at = models.DateTimeField(null=True)
    extension_reason = models.TextField(default="")
    state = models.TextField(choices=STATES, default="open")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    answer = models.TextField(default="")
    outcomes = models.JSONField(default=list)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind"), condition=Q(state="open"), name="privacy_request_one_open"
            ),
        )
        indexes = (models.Index(fields=["state", "due"], name="privacy_request_due"),)
