from __future__ import annotations

from django.db import models


class Answer(models.Model):
    """What an act was answered, for a day: the same act asked again is answered the same and not done again."""

    token = models.UUIDField()
    key = models.TextField()
    digest = models.TextField()
    status = models.IntegerField()
    body = models.BinaryField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("token", "key"), name="rest_answer_once"),)

    def __str__(self) -> str:
        return f"{self.token} {self.key}"


class Pace(models.Model):
    """How full each token's bucket is. Unlogged: after a crash every bucket is empty."""

    token = models.UUIDField(primary_key=True)
    level = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.token)
