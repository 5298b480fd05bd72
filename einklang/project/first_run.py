"""The first page of a new installation. Whoever started it proves that by the token that the terminal printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from einklang.core import clock, settings
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.core.words import speak
from einklang.facts.people import users
from einklang.facts.people.models import User
from einklang.project import company_form, init, mail_trial, setup_token
from einklang.project.company_form import Asked
from einklang.ui import locale
from einklang.ui.access import open_to_all
from einklang.ui.text import t

BACKEND = "django.contrib.auth.backends.ModelBackend"
STEPS = (
    ("company", "Die Firma", "The company", company_form.COMPANY),
    ("mail", "E\u2011Mail", "E\u2011mail", company_form.MAIL),
    ("you", "Sie selbst", "Yourself", company_form.ADMINISTRATOR),
)
DERIVED = ("legal_entity", "safety_mailbox", "mail_domain")  # from the answers before, where left empty
WORDS = {
    "starttls": ("STARTTLS", "STARTTLS"),
    "tls": ("TLS von Anfang an", "TLS from the start"),
    "none": ("Keine, nur im eigenen Netz", "None, inside your own network only"),
    "DE": ("Deutschland", "Germany"),
}


class SetupForm(forms.Form):
    """All questions at once, so that nothing is kept before everything is right."""

    def __init__(self, *args: Any, usual: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for _, _, _, questions in STEPS:
            for question in questions:
                self.fields[question.name] = _field(question, usual)

    def clean(self) -> dict[str, Any]:
        """An empty field takes what is usual after the fields before it."""
        known: dict[str, str] = {}
        for _, _, _, questions in STEPS:
            for question in questions:
                self._take(question, known)
        if not self.errors:
            self._try_mail(known)
        return known

    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        return [(name, t(de, en), [self[each.name] for each in questions]) for name, de, en, questions in STEPS]

    def refuse(self, error: InputError) -> None:
        sentence = " ".join(filter(None, (speak(part, locale.current()) for part in (error.rule, error.way_out))))
        self.add_error(error.field if error.field in self.fields else None, sentence)

    def _take(self, question: Asked, known: dict[str, str]) -> None:
        if question.name in company_form.WITH_SERVER and not known.get("mail_host"):
            return
        if question.name in self.errors:
            return
        try:
            typed = self.data.get(question.name, "")
            known[question.name] = question.check(question.name, typed or question.usual(known))
        except InputError as error:
            self.refuse(error)

    def _try_mail(self, known: dict[str, str]) -> None:
        try:
            mail_trial.try_mail(known, known["admin_email"], locale.current(), clock.now())
        except InputError as error:
            self.refuse(error)


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def setup(request: HttpRequest, token: str) -> HttpResponse:
    home = settings.get().home
    _only_the_first(home, token)
    usual = {"public_url": f"{request.scheme}://{request.get_host()}"} | init.known(home)
    form = SetupForm(request.POST or None, usual=usual)
    if request.method == "POST" and form.is_valid() and _kept(request, form, home, token):
        return redirect("studio:overview")
    return render(request, "setup.html", {"form": form})


def _only_the_first(home: Path, token: str) -> None:
    if not setup_token.fits(home, token) or users.anybody(cursor()):
        raise Http404


def _kept(request: HttpRequest, form: SetupForm, home: Path, token: str) -> bool:
    """Two who press at once: the second finds an administrator and the page gone."""
    answers = form.cleaned_data
    try:
        with transaction.atomic():
            users.hold_all(cursor())
            _only_the_first(home, token)
            made = init.first_administrator(answers, source="setup", now=clock.now())
            init.keep(home, answers)
    except InputError as error:
        form.refuse(error)
        return False
    setup_token.spend(home)
    login(request, User.objects.get(id=made), backend=BACKEND)
    return True


def _field(question: Asked, usual: dict[str, str]) -> forms.Field:
    shown = {"label": speak(question.label, locale.current()), "help_text": speak(question.hint, locale.current())}
    if question.choices:
        named = [(choice, t(*WORDS[choice])) for choice in question.choices]
        return forms.ChoiceField(choices=named, **shown)  # type: ignore[arg-type]
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"}) if question.secret else forms.TextInput()
    must = not question.optional and not question.usual({}) and question.name not in DERIVED
    field = forms.CharField(required=must, widget=widget, initial=usual.get(question.name, ""), **shown)  # type: ignore[arg-type]
    field.error_messages["required"] = t("Diese Angabe fehlt.", "This entry is missing.")
    return field
