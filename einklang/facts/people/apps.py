from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "einklang.facts.people"
    label = "people"
