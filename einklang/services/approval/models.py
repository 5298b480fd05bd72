from __future__ import annotations

from django.db import models
from django.db.models import Q

from einklang.core import ids
from einklang.facts.content.models import ContentVersion
from einklang.facts.people.models import User
from einklang.facts.products.models import Authorisation


class Comment(models.Model):
    """A remark at a passage; `quote` are the words that were marked, by which it is found again in a changed text."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    version = models.ForeignKey(ContentVersion, models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
    locale = models.TextField()
    path = models.TextField()
    quote = models.TextField(blank=True, default="")
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("version", "at"), name="comment_of_version"),)


class Opened(models.Model):
    """What a reviewer had before her eyes when the text said just this."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    version = models.ForeignKey(ContentVersion, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    sha256 = models.TextField()
    what = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "user", "sha256", "what"), name="approval_opened_once"),
        )


class Declaration(models.Model):
    """That her electronic signature binds her like one by hand, said once (Annex 11 § 14)."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()


class Task(models.Model):
    """Something that one of a role has to do until a day. Open ones are there once."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    kind = models.TextField()
    role = models.TextField()
    key = models.TextField(blank=True, default="")
    version = models.ForeignKey(ContentVersion, models.CASCADE, null=True, related_name="+")
    product = models.ForeignKey(Authorisation, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "role", "key", "version", "product"),
                condition=Q(done_at=None),
                nulls_distinct=False,
                name="approval_task_open_once",
            ),
        )
        indexes = (models.Index(fields=("role", "due_at"), condition=Q(done_at=None), name="approval_task_waiting"),)
