from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from einklang.core import ids
from einklang.facts.people import checks, names, roles
from einklang.facts.people.professions import PROFESSIONS

PROFESSION_CHOICES = [(name, words["de"]) for name, words in PROFESSIONS.items()]
ROLE_CHOICES = [(role, role) for role in roles.ROLES]
SALUTATIONS = [("", ""), ("Frau", "Frau"), ("Herr", "Herr")]
LOCALES = [("de", "Deutsch"), ("en", "English")]


def one_line(table: str, *fields: str) -> models.CheckConstraint:
    """No control character in what ends up in mail headers and address labels."""
    broken = Q()
    for field in fields:
        broken |= Q(**{f"{field}__regex": "[[:cntrl:]]"})
    return models.CheckConstraint(condition=~broken, name=f"{table}_one_line")


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.TextField()
    street = models.TextField(blank=True, default="")
    postcode = models.TextField(blank=True, default="")
    city = models.TextField(blank=True, default="")
    land = models.TextField(blank=True, default="")

    class Meta:
        constraints = (one_line("organisation", "name", "street", "postcode", "city"),)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    salutation = models.TextField(blank=True, default="", choices=SALUTATIONS)
    title = models.TextField(blank=True, default="")
    given_name = models.TextField()
    family_name = models.TextField()
    sort_key = models.TextField(blank=True, default="", db_index=True)
    profession = models.TextField(choices=PROFESSION_CHOICES)
    specialty = models.TextField(blank=True, default="")
    market = models.TextField(default="DE")
    land = models.TextField(blank=True, default="")
    locale = models.TextField(default="de", choices=LOCALES)
    email = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (one_line("person", "title", "given_name", "family_name", "email", "phone"),)

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = names.sort_key(self.family_name, self.given_name)
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        return names.display_name(self.title, self.given_name, self.family_name)

    @property
    def short_name(self) -> str:
        return names.short_name(self.salutation, self.title, self.family_name)


class Identifier(models.Model):
    """LANR, EFN and the like; `system` is one of `identifiers.SYSTEMS`."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    system = models.TextField()
    value = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("system", "value"), name="identifier_once"),)


class Affiliation(models.Model):
    """Where a person works; a BSNR belongs to the site, so it stands here and not at the person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    function = models.TextField(blank=True, default="")
    bsnr = models.TextField(blank=True, default="")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)


class Verification(models.Model):
    """Somebody proved that the person practises the profession `role`; `level` is one of `read.LEVELS`."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    role = models.TextField(choices=PROFESSION_CHOICES)
    level = models.TextField()
    provider = models.TextField()
    verified_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Alias(models.Model):
    """A name under which other systems and browsers speak of a person; without a person it waits to be resolved."""

    namespace = models.TextField()
    value = models.TextField()
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("namespace", "value"), name="alias_once"),)


class Suppressed(models.Model):
    """What an erased person was found by, as a keyed digest; see `suppressed`."""

    digest = models.TextField(primary_key=True)
    person = models.UUIDField()
    at = models.DateTimeField()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=checks.email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_superuser": True, "roles": [roles.ADMINISTRATOR], **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    email = models.EmailField(unique=True)
    name = models.TextField(blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    roles = ArrayField(models.TextField(choices=ROLE_CHOICES), default=list, blank=True)
    locale = models.TextField(default="de", choices=LOCALES)
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(null=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (one_line("user", "email", "name"),)

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, act: str) -> bool:
        return self.is_active and roles.may(self.roles, act)


class Qualification(models.Model):
    """Proof of § 75 AMG that the user may inform professionals about medicines."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.TextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)


class Territory(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.TextField(unique=True)

    class Meta:
        verbose_name_plural = "territories"

    def __str__(self) -> str:
        return self.name


class TerritoryPerson(models.Model):
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("territory", "person"), name="territory_person_once"),)


class TerritoryRep(models.Model):
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)


class Origin(models.Model):
    """From where the house knows a person, and whether she was told (EU-DP-05)."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    source = models.TextField()
    batch = models.UUIDField(db_index=True)
    obtained_at = models.DateTimeField()
    notice_due = models.DateTimeField(null=True)
    notice_given_at = models.DateTimeField(null=True)
