"""Before anybody outside gets it: a test to oneself or to the seed list, and who stands on that list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from einklang.core.errors import InputError
from einklang.faces.studio import toast, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.record.messages import MARKS
from einklang.faces.studio.users.forms import HouseForm
from einklang.faces.studio.users.words import ROLES
from einklang.facts.audit import trail
from einklang.facts.people import read as people
from einklang.facts.people import roles, users
from einklang.facts.people.read import UserCard
from einklang.facts.people.users import Account
from einklang.loop.decide.mailings import proofs, store
from einklang.loop.decide.mailings.proofs import Sent
from einklang.loop.decide.mailings.store import Mailing
from einklang.loop.gate import browse
from einklang.ui import locale
from einklang.ui.text import t

ACT, CONTROL = "studio.mailings", "studio.mailings.control"


@dataclass(frozen=True)
class Proof:
    """A test, or what the seed list got."""

    name: str
    at: datetime
    test: bool
    state: str
    mark: str
    icon: str


class TestForm(HouseForm):
    to = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, agent: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seeds = [each.user for each in proofs.seeds(agent.cur)]
        mine = t(f"An mich, {agent.user.email}", f"To me, {agent.user.email}")
        theirs = t(f"An die Prüfempfänger ({len(self.seeds)})", f"To the seed list ({len(self.seeds)})")
        to = cast(forms.ChoiceField, self.fields["to"])
        to.choices = [("me", mine), *([("seeds", theirs)] if self.seeds else [])]
        to.error_messages["required"] = t("Wählen Sie, an wen der Test geht.", "Choose to whom the test goes.")

    def users(self, agent: Agent) -> list[UUID]:
        chosen = self.cleaned_data["to"]
        return [*([agent.user.id] if "me" in chosen else []), *(self.seeds if "seeds" in chosen else [])]


class SeedForm(HouseForm):
    user = forms.ChoiceField()

    def __init__(self, offered: Iterable[Account], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.id), f"{each.name}, {each.email}") for each in offered]
        cast(forms.ChoiceField, self.fields["user"]).choices = [("", t("Bitte wählen", "Please choose")), *choices]
        self.label("user", "Konto", "Account", ("Wer im Studio arbeitet.", "Who works in the studio."))


def shown(agent: Agent, about: UUID, at: str) -> dict[str, Any]:
    """What of it stayed in the house so far, the newest first, and the form for the next test, which is sent `at`."""
    sent = proofs.latest(agent.cur, about)
    states = browse.states(agent.cur, [each.message for each in sent])
    names = people.users(agent.cur, {each.user for each in sent})
    rows = [
        Proof(names[each.user].name, each.at, each.test, t(*words.STATES[state]), *MARKS[state])
        for each in sent
        if (state := states.get(each.message))
    ]
    return {"proofs": rows, "trial": TestForm(agent, initial={"to": ["me"]}), "trial_at": at}


def of_mailing(agent: Agent, mailing: Mailing) -> dict[str, Any]:
    open_ = agent.may(CONTROL) and mailing.state in proofs.TESTABLE
    at = reverse("studio:mailing-test", args=[mailing.id]) if open_ and mailing.content else ""
    return shown(agent, mailing.id, at) | {"trial_needs_mail": open_ and not at}


@require_POST
@studio_view(CONTROL)
def test(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponse:
    """What is saved is what is sent; a scheduled mailing can be tried as well."""
    found = store.get(agent.cur, mailing)
    if found.content is None or found.state not in proofs.TESTABLE:
        messages.warning(request, t("Speichern Sie zuerst eine Mail im Entwurf.", "First save a mail in the draft."))
    else:
        tried(request, agent, found.content, mailing)
    return redirect("studio:mailing", mailing=mailing)


def tried(request: HttpRequest, agent: Agent, content: UUID, mailing: UUID | None = None) -> None:
    """Sends the test that the form asks for, and tells what became of it."""
    form = TestForm(agent, request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(map(str, form.errors["to"])))
        return
    with transaction.atomic():
        sent = proofs.test(agent.cur, mailing, content, form.users(agent), agent.now)
        about = ("mailing.test", f"mailing:{mailing}") if mailing else ("content.test", f"content:{content}")
        _write(agent, *about, new=len(sent.mails))
    _tell(request, sent)


@require_safe
@studio_view(ACT)
def seeds(request: HttpRequest, agent: Agent) -> HttpResponse:
    return _list(request, agent)


@require_POST
@studio_view(CONTROL)
def seed(request: HttpRequest, agent: Agent) -> HttpResponse:
    form = SeedForm(_offered(agent), request.POST)
    if not form.is_valid():
        return _list(request, agent, form)
    user = UUID(form.cleaned_data["user"])
    try:
        with transaction.atomic():
            if proofs.add(agent.cur, user, by=agent.user.id, now=agent.now):
                _write(agent, "mailing.seed", f"user:{user}")
    except InputError as error:
        form.refuse(error)
        return _list(request, agent, form)
    toast.tell(
        request,
        t("Bekommt ab jetzt jede Aussendung.", "Gets each mailing from now on."),
        undo=reverse("studio:mailing-unseed", args=[user]),
    )
    return redirect("studio:mailing-seeds")


@require_POST
@studio_view(CONTROL)
def unseed(request: HttpRequest, agent: Agent, user: UUID) -> HttpResponse:
    with transaction.atomic():
        if proofs.remove(agent.cur, user):
            _write(agent, "mailing.unseed", f"user:{user}")
    text = t("Bekommt keine Aussendung mehr.", "Gets no mailing any more.")
    toast.tell(request, text, undo=reverse("studio:mailing-seed"), fields={"user": str(user)})
    return redirect("studio:mailing-seeds")


def _list(request: HttpRequest, agent: Agent, form: SeedForm | None = None) -> HttpResponse:
    listed = proofs.seeds(agent.cur)
    cards = people.users(agent.cur, {each.user for each in listed} | {each.added_by for each in listed})
    rows = [(each, cards[each.user], cards[each.added_by].name, _roles(cards[each.user])) for each in listed]
    return page(
        request,
        agent,
        "mailing_seeds",
        status=422 if form else 200,
        rows=rows,
        form=form or SeedForm(_offered(agent)),
        controls=agent.may(CONTROL),
    )


def _offered(agent: Agent) -> list[Account]:
    """Who works in the studio and is not listed yet."""
    listed = {each.user for each in proofs.seeds(agent.cur)}
    accounts = users.listing(agent.cur, active=True)
    return [each for each in accounts if each.id not in listed and roles.may(each.roles, proofs.STUDIO)]


def _roles(card: UserCard) -> str:
    return ", ".join(ROLES[role][0].in_(locale.current()) for role in card.roles if role in ROLES)


def _tell(request: HttpRequest, sent: Sent) -> None:
    gone = len(sent.mails) - len(sent.refused)
    if sent.refused:
        reason, language = sent.refused[0].verdict.decisive[0], locale.current()
        messages.warning(request, f"{_to_some(sent)}{reason.text(language)} {reason.way_out(language)}".strip())
    elif sent.mails:
        many = t(f"{gone} Tests sind unterwegs.", f"{gone} tests are on their way.")
        toast.tell(request, t("Der Test ist unterwegs.", "The test is on its way.") if gone == 1 else many)
    else:
        text = t("Dieser Test ist gerade erst hinausgegangen.", "This test has only just gone out.")
        toast.tell(request, text)


def _to_some(sent: Sent) -> str:
    """Of several, some may be refused."""
    all_, gone = len(sent.mails), len(sent.mails) - len(sent.refused)
    return t(f"{gone} von {all_} Tests sind unterwegs. ", f"{gone} of {all_} tests are on their way. ") if gone else ""


def _write(agent: Agent, act: str, about: str, **more: Any) -> None:
    """The last thing in a transaction."""
    trail.write(agent.cur, [trail.Act(act=act, object=about, who=agent.user.id, **more)], agent.now)
