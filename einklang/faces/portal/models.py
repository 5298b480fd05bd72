from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from einklang.core import ids
from einklang.facts.people.models import Person, User


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


class Progress(models.Model):
    """How far a reader came, so that she can go on there. Only while she allows us to remember what she reads."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    slug = models.TextField()
    percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "slug"), name="progress_once"),)


class Saved(models.Model):
    """What a reader put aside for later."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    slug = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "slug"), name="saved_once"),)


class Search(models.Model):
    """What a reader searched for last. Only while she allows us to remember what she reads."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "text"), name="search_once"),)


class Document(models.Model):
    """The words of a frozen version or of a Fachinformation in one language, for the search. `thing` is its id."""

    thing = models.UUIDField()
    locale = models.TextField()
    words = models.TextField()
    vector = SearchVectorField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("thing", "locale"), name="document_once"),)
        indexes = (GinIndex(fields=["vector"], name="document_vector"),)
