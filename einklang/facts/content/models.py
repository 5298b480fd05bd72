from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from einklang.core import ids
from einklang.facts.content import blocks, digest
from einklang.facts.people.models import User
from einklang.facts.products.models import Authorisation, MandatoryText

KINDS = [(kind, kind) for kind in blocks.TEXTS]
AUDIENCES = [("public", "public"), ("fachkreis", "fachkreis"), ("rx", "rx")]
PRODUCT = "product"  # the role in which the product signs the system mails that it ships
STATES = [("draft", "draft"), ("frozen", "frozen"), ("withdrawn", "withdrawn")]
REVIEWS = [  # the first three of a draft, the last two of what is released; withheld is live nowhere
    (name, name) for name in ("", "in_review", "changes_requested", "rejected", "needs_review", "withheld")
]


class ContentVersion(models.Model):
    """Drafted here, frozen by the third signature; `assets` maps a name to path, SHA-256 and media type of a file."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    slug = models.SlugField()
    version = models.IntegerField(default=1)
    kind = models.TextField(choices=KINDS)
    promotional = models.BooleanField()
    rx = models.BooleanField()
    audience = models.TextField(choices=AUDIENCES)
    market = models.TextField(default="DE")
    authorisation = models.ForeignKey(Authorisation, models.PROTECT, null=True, related_name="+")
    smpc_version = models.IntegerField(null=True)
    mandatory_text = models.ForeignKey(MandatoryText, models.PROTECT, null=True, related_name="+")
    topics = ArrayField(models.TextField(), default=list, blank=True)
    indications = ArrayField(models.TextField(), default=list, blank=True)
    body = models.JSONField()
    assets = models.JSONField(default=dict, blank=True)
    state = models.TextField(choices=STATES, default="draft")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    sha256 = models.TextField(blank=True, default="")
    review = models.TextField(choices=REVIEWS, blank=True, default="", db_default="")
    review_smpc = models.IntegerField(null=True)  # the Fachinformation against which it was last held

    class Meta:
        constraints = (models.UniqueConstraint(fields=("slug", "version"), name="content_version_once"),)

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        blocks.check(self.kind, self.body)
        self.sha256 = digest.sha256(self._signed())
        super().save(*args, **kwargs)

    def _signed(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in digest.SIGNED},
            "authorisation": self.authorisation_id,
            "mandatory_text": self.mandatory_text_id,
        }


class Signature(models.Model):
    """Printed name, time and meaning, tied to the content by its digest (21 CFR 11.50, 11.70).

    Under the system mails that the product ships nobody's name stands but its own.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    version = models.ForeignKey(ContentVersion, models.PROTECT, related_name="+")
    role = models.TextField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.TextField()
    meaning = models.TextField()
    at = models.DateTimeField()
    sha256 = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "role", "sha256"), name="signature_once"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | models.Q(role=PRODUCT), name="signature_by_somebody"
            ),
        )


class Revision(models.Model):
    """What a draft said after each change, and who changed it: what somebody signed before stays legible."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    version = models.ForeignKey(ContentVersion, models.CASCADE, related_name="+")
    sha256 = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    fields = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("version", "at"), name="revision_of_version"),)


class Topic(models.Model):
    """What people read where contents and profiles say a slug."""

    slug = models.TextField(primary_key=True)
    de = models.TextField()
    en = models.TextField()
    specialties = ArrayField(models.TextField(), default=list, db_default=[], help_text="that it concerns")
    revision = models.IntegerField(default=1, db_default=1)
    retired = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.slug
