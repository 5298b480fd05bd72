"""Consent on the tablet: each permission asked for by itself, unticked, in the words that will be kept (DE-CON-08).

What needs a confirmation goes to her mailbox; for the rest her name or signature on the tablet is the proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.desk.access import Rep, rep_view
from einklang.faces.desk.permissions import GRADES, LABELS
from einklang.faces.desk.signing import SignatureField
from einklang.facts.consent import wordings
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.consent.status import Status, status
from einklang.facts.consent.wordings import Wording
from einklang.facts.people.read import PersonCard
from einklang.services.privacy import acts, opt_in
from einklang.ui import locale
from einklang.ui.text import t

CHANNEL = "visit"


class ConsentForm(forms.Form):
    name = forms.CharField(required=False, max_length=200)
    signature = SignatureField()

    def __init__(self, shown: Mapping[str, Wording], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        for name, wording in shown.items():
            self.fields[f"may_{name}"] = forms.BooleanField(required=False, label=wording.text)
            self.fields[f"read_{name}"] = forms.CharField(widget=forms.HiddenInput, initial=wording.id)
        if "rep_visibility" in shown:
            choices = [(grade, t(*words)) for grade, words in GRADES.items()]
            self.fields["grade"] = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, required=False)
            self.fields["grade"].label = t("Was darf der Außendienst sehen?", "What may the rep see?")
        self.fields["name"].label = t("oder Name in Druckschrift", "or name in capitals")

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "icon": LABELS[name][0],
                "label": t(*LABELS[name][1:]),
                "wording": wording,
                "box": self[f"may_{name}"],
                "read": self[f"read_{name}"],
                "grade": self["grade"] if name == "rep_visibility" else None,
                "confirmed": PERMISSIONS[name].confirmed,
            }
            for name, wording in self.shown.items()
        ]

    @property
    def given(self) -> list[str]:
        return [name for name in self.shown if self.cleaned_data.get(f"may_{name}")]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self._check_words(said)
        given = [name for name in self.shown if said.get(f"may_{name}")]
        if not given:
            self.add_error(None, t("Noch ist nichts angekreuzt. Ohne Kreuz wird nichts gespeichert.",
                                   "Nothing is ticked yet. Without a tick nothing is stored."))  # fmt: skip
        if "rep_visibility" in given and not said.get("grade"):
            self.add_error("grade", t("Bitte wählen Sie, was sichtbar sein soll.", "Please choose what may be seen."))
        signed = said.get("name", "").strip() or said.get("signature")
        if any(not PERMISSIONS[name].confirmed for name in given) and not signed:
            self.add_error("name", t("Es fehlt der Nachweis: Bitte unterschreiben oder den Namen eintippen.",
                                     "The proof is missing: please sign or type the name."))  # fmt: skip
        return said

    def _check_words(self, said: dict[str, Any]) -> None:
        """What is stored is what was read: a text that changed while the page stood open is read anew."""
        if any(said.get(f"read_{name}") != str(wording.id) for name, wording in self.shown.items()):
            self.add_error(None, t("Der Text hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal.",
                                   "The text has changed in the meantime. Please read it again."))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@rep_view("desk.visit")
def ask(request: HttpRequest, rep: Rep, person: Any) -> HttpResponse:
    card = rep.person(person)
    shown = _open_questions(rep, card, request.GET.get("erlaubnis", ""))
    form = ConsentForm(shown, request.POST or None)
    if request.method == "POST" and not shown:
        return redirect("desk:person", person=card.id)  # answered already: the second click of a double one
    if request.method == "POST" and form.is_valid() and _stored(request, rep, card, form):
        return redirect("desk:person", person=card.id)
    return render(request, "desk/consent.html", {"rep": rep, "card": card, "form": form, "shown": shown})


def _open_questions(rep: Rep, card: PersonCard, first: str) -> dict[str, Wording]:
    """What is neither granted nor awaiting its confirmation, with the one that was tapped on top."""
    known = status(rep.cur, [card.id])[card.id]
    wanted = [name for name in LABELS if _may_ask(known.get(name))]
    texts = wordings.current_all(rep.cur, wanted, locale.current(), rep.now)
    return {name: texts[name] for name in sorted(wanted, key=lambda name: name != first) if name in texts}


def _may_ask(known: Status | None) -> bool:
    return known is None or known.state == "withdrawn"


def _stored(request: HttpRequest, rep: Rep, card: PersonCard, form: ConsentForm) -> bool:
    try:
        with transaction.atomic():
            _store(request, rep, card, form)
    except InputError as error:
        language = locale.current()
        form.add_error(None, f"{speak(error.rule, language)} {speak(error.way_out, language)}".strip())
        return False
    except Conflict as error:
        form.add_error(None, speak(error.args[0], locale.current()))
        return False
    messages.success(request, _thanks(form.given))
    return True


def _store(request: HttpRequest, rep: Rep, card: PersonCard, form: ConsentForm) -> None:
    evidence = _evidence(request, rep, form)
    confirmed = [name for name in form.given if PERMISSIONS[name].confirmed]
    if confirmed:
        opt_in.request(
            rep.cur,
            person=card.id,
            permissions=confirmed,
            locale=locale.current(),
            by=rep.user.id,
            evidence=evidence,
            now=rep.now,
            channel=CHANNEL,
        )
    for name in form.given:
        if name not in confirmed:
            acts.grant(
                rep.cur,
                person=card.id,
                permission=name,
                grade=form.cleaned_data["grade"] if name == "rep_visibility" else None,
                wording=form.shown[name].id,
                evidence=evidence,
                now=rep.now,
                channel=CHANNEL,
            )


def _evidence(request: HttpRequest, rep: Rep, form: ConsentForm) -> dict[str, Any]:
    """What proves a consent later: which form, on whose tablet, signed by whom (DE-CON-04)."""
    return {
        "form": request.path,
        "ip": request.META.get("REMOTE_ADDR", ""),
        "user_agent": request.headers.get("User-Agent", "")[:300],
        "by": str(rep.user.id),
        "name": form.cleaned_data["name"],
        "signature": form.cleaned_data["signature"],
    }


def _thanks(given: Sequence[str]) -> str:
    mail = any(PERMISSIONS[name].confirmed for name in given)
    if mail and len(given) == 1:
        return t("Die E\u2011Mail zur Bestätigung ist unterwegs.", "The e\u2011mail to confirm is on its way.")
    if mail:
        return t("Gespeichert. Die E\u2011Mail zur Bestätigung ist unterwegs.",
                 "Stored. The e\u2011mail to confirm is on its way.")  # fmt: skip
    return t("Die Einwilligung ist gespeichert.", "The consent is stored.")
