"""The tags of every template: `{% load ui %}`. `{% component part %}` comes from laces and is loaded along."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from laces.templatetags.laces import component

from einklang.ui import channels, numbers
from einklang.ui.text import label
from einklang.ui.text import t as pair

register = template.Library()
register.tag("component", component)
for function in (
    numbers.day,
    numbers.weekday,
    numbers.short_day,
    numbers.moment,
    numbers.full_moment,
    numbers.month,
    numbers.time_of_day,
    numbers.number,
    numbers.percent,
    numbers.span,
    label,
):
    register.filter(function.__name__, function)


@register.simple_tag
def t(de: str, en: str, **values: object) -> SafeString:
    """`{% t "Guten Tag, {name}" "Good day, {name}" name=card.short_name %}`: values are escaped, literals are not."""
    chosen = conditional_escape(pair(de, en))
    return format_html(chosen, **values) if values else chosen


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>', f" {size}" if size else "", _sprite(), name
    )


@register.simple_tag
def poster(motif: str, style: str = "") -> SafeString:
    """One of unison, pulse, rings, forest, helix, filtration."""
    opening = format_html('<svg class="{}"', style) if style else mark_safe("<svg")
    return format_html('{} aria-hidden="true"><use href="{}#{}"/></svg>', opening, static("ui/art.svg"), motif)


@register.simple_tag
def channel(name: str) -> SafeString:
    """Icon in its hue beside its name."""
    look = channels.look(name)
    return format_html('<span class="ch" data-ch="{}">{}{}</span>', look.hue, icon(look.icon), look.name)


@register.simple_tag
def dot(name: str, icon_name: str = "") -> SafeString:
    """The channel's round sign, for lists that name the channel in words."""
    look = channels.look(name)
    return format_html('<span class="ch-dot" data-ch="{}">{}</span>', look.hue, icon(icon_name or look.icon))


@register.simple_tag(takes_context=True)
def current(context: Context, url_name: str, *, exact: bool = False) -> SafeString:
    """`aria-current` for a place in a navigation: this page or one below it."""
    request: HttpRequest = context["request"]
    place = reverse(url_name)
    here = request.path == place or (not exact and request.path.startswith(place.rstrip("/") + "/"))
    return mark_safe(' aria-current="page"') if here else mark_safe("")


@register.filter
def attributes(field: Any) -> SafeString:
    """A bound form field as our input, tied to its hint and its error."""
    ids = [f"{field.auto_id}-hint"] if field.help_text else []
    extra = {"class": "input"}
    if field.errors:
        ids.append(f"{field.auto_id}-error")
        extra["aria-invalid"] = "true"
    if ids:
        extra["aria-describedby"] = " ".join(ids)
    html: SafeString = field.as_widget(attrs={**extra, **field.field.widget.attrs})
    return html


def _sprite() -> str:
    return static("ui/icons.svg")
