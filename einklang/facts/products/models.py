from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.words import Words
from einklang.facts.products import mandatory

STATUS = [("pending", "pending"), ("authorised", "authorised"), ("withdrawn", "withdrawn")]
BTM_ANNEX = [("", ""), ("I", "I"), ("II", "II"), ("III", "III")]


class Brand(models.Model):
    id = models.SlugField(primary_key=True)
    name = models.TextField()
    substance = models.TextField()

    def __str__(self) -> str:
        return self.name


class Authorisation(models.Model):
    """A medicine in one strength and form, allowed in one market."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    slug = models.SlugField()
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="+")
    market = models.TextField(default="DE")
    name = models.TextField()
    strength = models.TextField(blank=True, default="")
    rx = models.BooleanField()
    status = models.TextField(choices=STATUS, default="authorised")
    authorised_from = models.DateTimeField(null=True)
    indications = ArrayField(models.TextField(), default=list, blank=True)
    btm_annex = models.TextField(blank=True, default="", choices=BTM_ANNEX)
    t_rezept = models.BooleanField(default=False)
    un_psychotropic = models.BooleanField(default=False)
    hwg10_2 = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("slug", "market"), name="authorisation_once"),)

    def __str__(self) -> str:
        return self.name


class Pack(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    slug = models.SlugField(unique=True)
    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="+")
    pzn = models.TextField()
    size = models.TextField()
    is_smallest = models.BooleanField(default=False)
    label_confirmed = models.BooleanField(default=False)
    label_evidence = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(label_confirmed=False) | ~Q(label_evidence=""), name="pack_label_with_evidence"
            ),
        )


class Smpc(models.Model):
    """A version of the Fachinformation; one is valid per authorisation at a time."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="+")
    version = models.IntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    body = models.TextField()
    sha256 = models.TextField(blank=True, default="")
    safety_relevant = models.BooleanField(
        default=False, db_default=False
    )  # content of the version before is withheld until reviewed
    therapy_relevant = models.BooleanField(default=False, db_default=False)  # professionals are told (§ 11a (2) AMG)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("authorisation", "version"), name="smpc_version_once"),
            models.UniqueConstraint(fields=("authorisation",), condition=Q(valid_to=None), name="smpc_one_open"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sha256 = ids.digest(self.body.encode())
        super().save(*args, **kwargs)


class MandatoryText(models.Model):
    """Pflichtangaben of a product; `fields` as in `mandatory.LABELS`."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="+")
    version = models.IntegerField()
    valid_from = models.DateTimeField()
    fields = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("authorisation", "version"), name="mandatory_text_version_once"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if wrong := mandatory.problems(self.fields):
            raise InputError(
                ", ".join(wrong),
                Words(
                    "Pflichtangaben haben acht Felder mit Text oder „n/a: Grund“.",
                    "A mandatory text has eight fields with text or “n/a: reason”.",
                ),
                Words("Bitte ergänzen Sie die genannten Felder.", "Please complete the named fields."),
            )
        super().save(*args, **kwargs)
