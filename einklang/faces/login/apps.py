from __future__ import annotations

from django.apps import AppConfig


class LoginConfig(AppConfig):
    name = "einklang.faces.login"
    label = "login"
