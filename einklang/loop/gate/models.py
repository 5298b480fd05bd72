"""What the gate keeps so that every verdict can be replayed. Rows are written once (triggers) and read by id."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Pack(models.Model):
    """`name` is id@version#hash, as verdicts cite it."""

    name = models.TextField(primary_key=True)
    sha256 = models.TextField()
    document = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "gate_pack"


class Facts(models.Model):
    """`body` is what a question's rules read; large parts that many share are rows of their own, named by digest."""

    digest = models.TextField(primary_key=True)
    body = models.JSONField()

    class Meta:
        db_table = "gate_facts"


class Verdict(models.Model):
    """The question, the answer, and what led to it. `reasons` is [[rule, outcome, fill, not_before?], …]."""

    id = models.UUIDField(primary_key=True)
    stored_at = models.DateTimeField()
    stage = models.TextField()
    act = models.TextField()
    recipient_kind = models.TextField()
    recipient = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    anonymous = models.TextField(null=True)
    channel = models.TextField()
    purpose = models.TextField()
    sender = models.UUIDField(null=True)
    unit = models.TextField()
    content = models.UUIDField(null=True)
    pack = models.UUIDField(null=True)
    quantity = models.IntegerField()
    permission = models.TextField(null=True)
    message = models.UUIDField(null=True)
    at = models.DateTimeField()
    answer = models.TextField()
    not_before = models.DateTimeField(null=True)
    rule = models.TextField(null=True)
    reasons = models.JSONField()
    flags = models.JSONField()
    packs = ArrayField(models.TextField())
    facts = models.TextField()

    class Meta:
        db_table = "gate_verdict"
        indexes = (
            models.Index(fields=["-stored_at"], include=["answer"], name="gate_verdict_answered"),
            models.Index(
                fields=["person", "-stored_at"], name="gate_verdict_person", condition=models.Q(person__isnull=False)
            ),
            models.Index(
                fields=["rule", "-stored_at"], name="gate_verdict_rule", condition=models.Q(rule__isnull=False)
            ),
        )
