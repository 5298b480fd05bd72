"""Private to this room: others call `ledger`, `status`, `wordings`, `preferences` and `verify`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from einklang.core import ids
from einklang.facts.people.models import Person
from einklang.facts.products.models import Authorisation


class Wording(models.Model):
    """What people were asked, word by word; never changed."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    permission = models.TextField()
    version = models.IntegerField()
    locale = models.TextField()
    text = models.TextField()
    sha256 = models.TextField()
    valid_from = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("permission", "version", "locale"), name="consent_wording_once"),
        )


class Entry(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    subject = models.TextField()
    position = models.IntegerField()
    legal_entity = models.TextField()
    permission = models.TextField()
    channel = models.TextField()
    purpose = models.TextField()
    state = models.TextField()
    grade = models.TextField(null=True)
    product = models.ForeignKey(Authorisation, models.PROTECT, null=True, related_name="+", db_column="product")
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+", db_column="wording")
    wording_sha256 = models.TextField(null=True)
    locale = models.TextField()
    source = models.TextField()
    evidence_sha256 = models.TextField()
    at = models.DateTimeField()
    previous = models.TextField()
    sha256 = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subject", "position"), name="consent_entry_position_once"),)


class Evidence(models.Model):
    """Erasable; what stays is the salted digest in the entry."""

    entry = models.OneToOneField(
        Entry, models.PROTECT, primary_key=True, related_name="+", db_column="entry", db_constraint=False
    )
    salt = models.BinaryField()
    plain = models.TextField()


class Head(models.Model):
    """The last link of a subject's chain: where the next one is hung, and proof that none was cut off."""

    subject = models.TextField(primary_key=True)
    position = models.IntegerField()
    sha256 = models.TextField()


class Current(models.Model):
    """The ledger folded, in the same transaction; either a person or an anonymous id."""

    person = models.UUIDField(null=True)
    anonymous = models.TextField(null=True)
    legal_entity = models.TextField()
    permission = models.TextField()
    product = models.UUIDField(null=True)
    state = models.TextField()
    grade = models.TextField(null=True)
    since = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "anonymous", "legal_entity", "permission", "product"),
                name="consent_current_once",
                nulls_distinct=False,
            ),
        )


class Preference(models.Model):
    """How often, and from when on again: a wish of the person, below what consent allows."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+", db_column="person")
    frequency = models.TextField()
    paused_until = models.DateTimeField(null=True)
    channels = models.JSONField(db_default={})
    pause_visits = models.BooleanField(db_default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(frequency__in=("normal", "monthly")), name="consent_preference_known"),
        )
