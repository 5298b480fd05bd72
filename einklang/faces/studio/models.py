"""What people of the studio keep for themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from einklang.core import ids


class SavedView(models.Model):
    """A list with its filters under a name. `query` holds no free text: no name of a person stays here."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_column="owner")
    name = models.TextField()
    path = models.TextField()
    query = models.TextField()
    shared = models.BooleanField(default=False)

    class Meta:
        db_table = "studio_saved_view"
        constraints = (models.UniqueConstraint(fields=("owner", "path", "name"), name="studio_saved_view_once"),)
