"""Tables of journeys and mailings. `triggers` and `wake` speak SQL to them; migration 0002 makes versions final."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from einklang.core import ids

JOURNEY_STATES = [(state, state) for state in ("active", "paused", "stopping", "stopped")]
ENROLMENT_STATES = [(state, state) for state in ("waiting", "done", "goal", "exited")]
ARMS = [(arm, arm) for arm in ("", "holdout", "global")]
MAILING_STATES = [(state, state) for state in ("draft", "scheduled", "running", "done", "stopping", "stopped")]
ANSWERS = [(answer, answer) for answer in ("accepted", "later", "dismissed")]
SUGGESTION_STATES = [(state, state) for state in ("open", "done", "withdrawn")]


class Journey(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    key = models.TextField(unique=True)
    state = models.TextField(choices=JOURNEY_STATES, default="active")
    settling = models.BooleanField(
        default=False, db_default=False, help_text="some messages still wait to follow a pause or its end"
    )
    held = ArrayField(
        models.UUIDField(), default=list, db_default=[], help_text="read by earlier releases only; the next drops it"
    )
    created_at = models.DateTimeField()
    switched_at = models.DateTimeField(null=True)
    switched_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", db_default="", help_text="why it was stopped")

    def __str__(self) -> str:
        return self.key


class Version(models.Model):
    """Immutable (trigger). A person stays on the version that she entered."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    tests = models.TextField(default="", db_default="", help_text="YAML; they ran before it was published")
    sha256 = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    published_pos = models.BigIntegerField(help_text="the journey sees only what stands behind this place in the log")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("journey", "number"), name="decide_version_once"),)

    def __str__(self) -> str:
        return f"{self.journey.key} {self.number}"


class Draft(models.Model):
    """A document in the making, as text: it may be wrong. One for each journey, and any number of new ones."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    journey = models.OneToOneField(Journey, models.PROTECT, null=True, related_name="+")
    base = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+", help_text="what it started from")
    text = models.TextField()
    tests = models.TextField(default="", db_default="")
    revision = models.PositiveIntegerField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.id} {self.revision}"


class Enrolment(models.Model):
    """One person on her way. `variables` hold what `step.State` knows beyond the columns."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    state = models.TextField(choices=ENROLMENT_STATES)
    step = models.TextField()
    since = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(help_text="the interaction that fired the trigger")
    entered_pos = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    arm = models.TextField(
        choices=ARMS, default="", db_default="", help_text="held out: of this journey, or of all of the house"
    )
    variables = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("journey", "person"), condition=Q(state="waiting"), name="decide_enrolment_one_at_a_time"
            ),
        )
        indexes = (models.Index(fields=("journey", "entered_at"), name="decide_enrolment_entered"),)


class Goal(models.Model):
    """The first time that a goal was met, whatever has become of the enrolment meanwhile: the results count these."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", db_index=False)
    name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("enrolment", "name"), name="decide_goal_once"),)


class Holdout(models.Model):
    """How many of a hundred are held out of every promotional journey; the newest row counts."""

    percent = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        db_table = "decide_holdout"


class Timer(models.Model):
    """When somebody is to be woken: a row per waiting enrolment, none for the others."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, primary_key=True, related_name="+")
    version = models.UUIDField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("version", "due_at"), name="decide_timer_due"),)


class StepLog(models.Model):
    """What became of whom at which step: the journey's numbers, and the messages that a pause holds."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.UUIDField()
    version = models.UUIDField()
    step = models.TextField()
    outcome = models.TextField()
    at = models.DateTimeField()
    message = models.UUIDField(null=True)
    rule = models.TextField(default="", db_default="", help_text="what withheld the message, most final first")

    class Meta:
        db_table = "decide_step_log"
        indexes = (models.Index(fields=("version", "step", "outcome"), name="decide_step_log_numbers"),)


class Suggestion(models.Model):
    """A next step that a journey proposes to the rep of the person; a held visit closes it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", db_index=False)
    version = models.UUIDField()
    step = models.TextField()
    kind = models.TextField()
    title_de = models.TextField()
    title_en = models.TextField()
    products = ArrayField(models.TextField(), default=list)
    content_slugs = ArrayField(models.TextField(), default=list)
    state = models.TextField(choices=SUGGESTION_STATES, default="open")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("enrolment", "step"), name="decide_suggestion_once"),)


class Reply(models.Model):
    """What a rep answered to a next step; the newest that was not taken back counts."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    key = models.TextField(help_text="the id of a suggestion, or `visit`")
    answer = models.TextField(choices=ANSWERS)
    reason = models.TextField(default="")
    until = models.DateTimeField(null=True)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("person", "key", "-at"), name="decide_reply_latest"),)


class Taste(models.Model):
    """What a person said about what is chosen for her: `hide` a content by its slug, `less` of a topic."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    kind = models.TextField(choices=[(kind, kind) for kind in ("hide", "less")])
    target = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "kind", "target"), name="decide_taste_once"),)


class Mailing(models.Model):
    """One mail to many, once. `position` is the last person who was looked at; the counts stay when she is erased."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.TextField()
    content = models.UUIDField(null=True, help_text="the frozen version that goes out")
    brand = models.TextField(default="", db_default="", help_text="whose campaign it is; empty: the company's")
    begins = models.DateField()
    ends = models.DateField()
    segment = models.JSONField(default=dict)
    state = models.TextField(choices=MAILING_STATES, default="draft")
    revision = models.PositiveIntegerField(default=1)
    starts_at = models.DateTimeField(null=True)
    position = models.UUIDField(null=True)
    asked = models.PositiveIntegerField(default=0)
    planned = models.PositiveIntegerField(default=0)
    switched_at = models.DateTimeField()
    switched_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField(default="", db_default="", help_text="why it was stopped")

    def __str__(self) -> str:
        return self.name


class Addressed(models.Model):
    """Who was asked about for a mailing, once: her message, or the rule that withheld it."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    message = models.UUIDField()
    rule = models.TextField(default="", db_default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("mailing", "person"), name="decide_addressed_once"),)


class Seed(models.Model):
    """Somebody of the house who gets each mailing as its readers do."""

    user = models.OneToOneField("people.User", models.PROTECT, primary_key=True, related_name="+")
    since = models.DateTimeField()
    added_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "decide_seed"


class Proof(models.Model):
    """A mail that stayed in the house: a test of a mailing or of a content, or what the seed list got of a mailing. No
    result counts it."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="+", db_index=False, null=True)
    content = models.UUIDField(null=True, help_text="where it was tried without a mailing")
    user = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_index=False)
    message = models.UUIDField()
    test = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("mailing", "user"), condition=Q(test=False), name="decide_proof_seeded_once"
            ),
            models.CheckConstraint(
                condition=Q(mailing__isnull=True) ^ Q(content__isnull=True), name="decide_proof_of_one_thing"
            ),
        )
        indexes = (
            models.Index(fields=("mailing", "-at"), name="decide_proof_latest"),
            models.Index(fields=("content", "-at"), name="decide_proof_of_content"),
        )
