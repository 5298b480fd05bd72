"""Writing a draft: the frame of a content as a plain form, its text as rows of blocks, its files as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from einklang.core.errors import Conflict, InputError
from einklang.core.words import Words, speak
from einklang.faces.studio import lists
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.content import form as content_form
from einklang.faces.studio.content import pages as head
from einklang.faces.studio.content import words
from einklang.faces.studio.content.form import Text
from einklang.facts.content import assets, drafts, topics
from einklang.facts.content.read import Version
from einklang.facts.content.topics import Topics
from einklang.facts.products import read as products
from einklang.facts.products.read import Product
from einklang.services.approval import acts
from einklang.ui import locale
from einklang.ui.text import t

WRITTEN = ("article", "study", "video", "slides", "mail", "system_mail")
SAVE = "save"
MAKE_IT = Words("Legen Sie es unter „Themen“ an.", "Make it under “Topics”.")
REQUIRED = ("Dieses Feld fehlt noch.", "This field is missing.")


class FrameForm(forms.Form):
    """What a content is, apart from its words."""

    slug = forms.CharField(max_length=50)
    kind = forms.ChoiceField()
    audience = forms.ChoiceField()
    promotional = forms.BooleanField(required=False)
    product = forms.ChoiceField(required=False)
    topics = forms.CharField(max_length=400, required=False)
    indications = forms.CharField(max_length=400, required=False)
    valid_from = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    bind = forms.BooleanField(required=False)

    def __init__(self, known: Sequence[Product], draft: Version | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, str]]] = {
            "kind": [(name, t(*words.KINDS[name][:2])) for name in WRITTEN],
            "audience": lists.pairs(words.AUDIENCES),
            "product": [("", t("Keines", "None")), *((str(each.id), each.name) for each in known)],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options
        for name, (label, hint) in _labels().items():
            self.fields[name].label, self.fields[name].help_text = label, hint
            self.fields[name].error_messages["required"] = t(*REQUIRED)
        self.held = tuple(draft.topics) if draft else ()
        if draft:
            del self.fields["slug"], self.fields["kind"]

    def topics_meant(self, offered: Topics) -> list[str]:
        """By slug or by name. What the draft bears already it may keep."""
        said = _list(self.cleaned_data["topics"])
        meant = {each: each if each in self.held else topics.meant(offered, each) for each in said}
        unknown = next((each for each, slug in meant.items() if slug is None), None)
        if unknown is not None:
            rule = Words(f"Das Thema „{unknown}“ gibt es nicht.", f"There is no topic “{unknown}”.")
            raise InputError("topics", rule, MAKE_IT)
        return list(dict.fromkeys(filter(None, meant.values())))


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("content.edit")
def new(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Asks for the frame only; the text is written in the draft that it makes."""
    known = products.all_products(agent.cur)
    form = FrameForm(known, None, request.POST or None, initial=_blank(agent.now))
    if request.method == "POST" and form.is_valid():
        kind, slug, user = form.cleaned_data["kind"], form.cleaned_data["slug"], agent.user.id
        try:
            fields = {**_fields(agent, form, known, None), "body": _first(kind, slug), "assets": {}}
            with transaction.atomic():
                made = acts.create(agent.cur, slug=slug, kind=kind, fields=fields, user=user, now=agent.now)
            return redirect("studio:content-edit", version=made)
        except InputError as error:
            form.add_error(error.field, _said(error))
    return page(request, agent, "content_new", form=form, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("content.edit")
def edit(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    draft = acts.get(agent.cur, version)
    if draft.state != "draft":
        return redirect("studio:content-detail", version=version)
    known = products.all_products(agent.cur)
    if request.method != "POST":
        texts = content_form.show(draft.body, draft.kind)
        return _show(request, agent, draft, FrameForm(known, draft, initial=_initial(draft)), texts=texts)
    form = FrameForm(known, draft, request.POST)
    texts = content_form.read(request.POST, draft.kind)
    kept = dict(draft.assets)
    try:
        kept |= _uploaded(request)
        if request.POST.get("act") == SAVE and form.is_valid():
            body = content_form.body(texts)
            # files that the text does not name any more go with the save
            named = {name: sha256 for name, sha256 in kept.items() if name in str(body)}
            _save(request, agent, draft, {**_fields(agent, form, known, draft), "body": body, "assets": named})
            return redirect("studio:content-detail", version=version)
    except InputError as error:
        if not content_form.place(texts, error.field, _said(error)):
            form.add_error(error.field if error.field in form.fields else None, _said(error))
    except Conflict as error:
        form.add_error(None, speak(error.args[0], locale.current()))
        return _show(request, agent, draft, form, texts=texts, kept=kept, theirs=acts.get(agent.cur, version).sha256)
    return _show(request, agent, draft, form, texts=texts, kept=kept)


def _show(
    request: HttpRequest,
    agent: Agent,
    draft: Version,
    form: FrameForm,
    *,
    texts: list[Text],
    kept: Mapping[str, str] | None = None,
    theirs: str = "",
) -> HttpResponse:
    """`theirs` is the digest of what somebody else has saved meanwhile."""
    wrong = [
        (f"{text.locale}-{number}", t(f"Baustein {number + 1}", f"Block {number + 1}"), text.locale)
        for text in texts
        for number, row in enumerate(text.rows)
        if row.error
    ]
    fields = [
        (f"{text.locale}-{part.name}", part.label, text.locale)
        for text in texts
        for part, _, error in text.fields
        if error
    ]
    current = drafts.bound(agent.cur, draft.authorisation, agent.now)
    return page(
        request,
        agent,
        "content_edit",
        **head.frame(agent, draft),
        form=form,
        texts=texts,
        wrong=[*fields, *wrong],
        base=request.POST.get("base") or draft.sha256,
        theirs=theirs,
        files=sorted(kept if kept is not None else draft.assets),
        kept=[f"{name}={sha256}" for name, sha256 in (kept or {}).items() if name not in draft.assets],
        outdated=any(getattr(draft, name) != value for name, value in current.items()),
        status=409 if theirs else 422 if wrong or fields or form.errors else 200,
    )


def _save(request: HttpRequest, agent: Agent, draft: Version, fields: dict[str, Any]) -> None:
    base = request.POST.get("base", "")
    with transaction.atomic():
        acts.save(agent.cur, draft.id, fields, base=base, user=agent.user.id, now=agent.now)
    messages.success(request, t("Gespeichert.", "Saved."))


def _uploaded(request: HttpRequest) -> dict[str, str]:
    """What was uploaded before in this form, and the file that comes with it."""
    kept = {}
    for name in request.POST.getlist("kept"):
        path, _, sha256 = name.partition("=")
        if path == f"{assets.FOLDER}/{sha256}.{path.rpartition('.')[2]}":
            kept[path] = sha256
    for file in request.FILES.getlist("file"):
        name, sha256 = assets.keep(file.name or "", file.chunks())
        kept[name] = sha256
    return kept


def _fields(agent: Agent, form: FrameForm, known: Sequence[Product], draft: Version | None) -> dict[str, Any]:
    told = form.cleaned_data
    product = next((each for each in known if str(each.id) == told["product"]), None)
    chosen = product.id if product else None
    stays = draft is not None and draft.authorisation == chosen and not told["bind"]
    bound = {name: asdict(draft)[name] for name in ("smpc_version", "mandatory_text")} if draft and stays else None
    return {
        "promotional": told["promotional"],
        "rx": bool(product and product.rx),
        "audience": told["audience"],
        "authorisation": chosen,
        **(bound or drafts.bound(agent.cur, chosen, agent.now)),
        "topics": form.topics_meant(topics.offered(agent.cur)),
        "indications": _list(told["indications"]),
        "valid_from": _midnight(told["valid_from"], draft.valid_from if draft else None),
        "valid_to": _midnight(told["valid_to"], draft.valid_to if draft else None),
    }


def _midnight(day: Any, before: datetime | None) -> datetime | None:
    """The same day keeps its hour, so that a save without a change is none."""
    if day is None or (before is not None and timezone.localtime(before).date() == day):
        return before if day else None
    return timezone.make_aware(datetime.combine(day, time()))


def _list(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _initial(draft: Version) -> dict[str, Any]:
    return {
        "audience": draft.audience,
        "promotional": draft.promotional,
        "product": str(draft.authorisation or ""),
        "topics": ", ".join(draft.topics),
        "indications": ", ".join(draft.indications),
        "valid_from": timezone.localtime(draft.valid_from).date().isoformat(),
        "valid_to": timezone.localtime(draft.valid_to).date().isoformat() if draft.valid_to else "",
    }


def _blank(now: datetime) -> dict[str, Any]:
    return {"kind": "article", "audience": "fachkreis", "valid_from": timezone.localtime(now).date().isoformat()}


def _first(kind: str, slug: str) -> dict[str, Any]:
    """The least that a text of this kind has, for the writer to go on from."""
    name = slug.replace("-", " ")
    if kind in ("mail", "system_mail"):
        return {"de": {"subject": name, "paragraphs": []}}
    if kind == "slides":
        return {"de": {"title": name, "slides": [{"title": name, "blocks": []}]}}
    spoken: dict[str, list[str]] = {"transcript": []} if kind == "video" else {}
    return {"de": {"title": name, "lede": name, "blocks": [], **spoken}}


def _said(error: InputError) -> str:
    language = locale.current()
    return f"{speak(error.rule, language)} {speak(error.way_out, language)}".strip()


def _labels() -> dict[str, tuple[str, str]]:
    return {
        "slug": (t("Kennung", "Name"), t("Steht in der Adresse und ändert sich nicht mehr: kleine Buchstaben, Ziffern, Bindestriche.", "Stands in the address and never changes: small letters, digits, hyphens.")),  # noqa: E501
        "kind": (t("Art", "Kind"), ""),
        "audience": (t("Publikum", "Audience"), t("Rx-Fachkreise sind Ärzte und Apotheken mit Nachweis.", "Rx professionals are prescribers and pharmacists with proof.")),  # noqa: E501
        "promotional": (t("Wirbt für ein Arzneimittel", "Promotes a medicine"), ""),
        "product": (t("Arzneimittel", "Medicine"), ""),
        "topics": (t("Themen", "Topics"), t("Name oder Kürzel, durch Kommas getrennt.", "Name or slug, parted by commas.")),  # noqa: E501
        "indications": (t("Anwendungsgebiete", "Indications"), t("Nur zugelassene, durch Kommas getrennt.", "Approved ones only, parted by commas.")),  # noqa: E501
        "valid_from": (t("Gültig ab", "Valid from"), ""),
        "valid_to": (t("Gültig bis", "Valid until"), t("Werbung braucht ein Ende.", "Promotion needs an end.")),
        "bind": (t("Aktuelle Fachinformation und Pflichtangaben einbinden", "Bind the current Fachinformation and mandatory text"), ""),  # noqa: E501
    }  # fmt: skip
