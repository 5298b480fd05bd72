"""Django's settings, derived from `core.settings`. Importable without a database."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from einklang.core import clock
from einklang.core import settings as own
from einklang.watch import lines

OWN = own.get()


def database(url: str | None) -> dict[str, Any]:
    parts = {key: value for key, value in conninfo_to_dict(url or "").items() if value is not None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "einklang"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "einklang",
            "prepare_threshold": 5,
            **parts,
        },  # a query asked often is planned once
    }


SECRET_KEY = OWN.secret_key
DEBUG = False
ALLOWED_HOSTS = list(OWN.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [OWN.public_url]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "laces",
    "einklang.core",
    "einklang.ui",
    "einklang.facts.audit",
    "einklang.facts.people",
    "einklang.facts.products",
    "einklang.facts.consent",
    "einklang.facts.content",
    "einklang.loop.interactions",
    "einklang.loop.profiles",
    "einklang.loop.gate",
    "einklang.loop.channels.visit",
    "einklang.loop.decide",
    "einklang.services.orders",
    "einklang.services.inquiries",
    "einklang.services.approval",
    "einklang.services.privacy",
    "einklang.bridges.imports",
    "einklang.services.tokens",
    "einklang.planning",
    "einklang.faces.portal",
    "einklang.faces.desk",
    "einklang.faces.studio",
    "einklang.faces.api",
    "einklang.faces.api.rest",
    "einklang.faces.login",
    "einklang.project",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "einklang.project.csp.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "einklang.ui.locale.Locale",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "einklang.faces.login.required.SecondFactorRequired",
    "einklang.ui.kept.KeptInput",
]
ROOT_URLCONF = "einklang.project.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "einklang.ui.context.page",
            ],
        },
    },
]

DATABASES = {"default": database(OWN.database_url)}
CACHES = {  # counted attempts and spent codes: the same for every process, whatever is started again
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a clock of a phone that is half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who was invited by mail has read it
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not OWN.production  # a browser allows it on localhost only
MFA_ADAPTER = "einklang.faces.login.adapter.SecondFactor"
SECOND_FACTOR_REQUIRED = OWN.production  # for everybody of the company; a demo and a trial leave the choice
ACCOUNT_ADAPTER = "einklang.faces.portal.adapter.AccountAdapter"

ANYMAIL = {  # what mail services report is taken only from who knows these
    "WEBHOOK_SECRET": os.environ.get("EINKLANG_WEBHOOK_SECRET", ""),
    "MAILGUN_WEBHOOK_SIGNING_KEY": os.environ.get("EINKLANG_MAILGUN_SIGNING_KEY", ""),
}

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
TIME_ZONE = clock.ZONE.key
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = OWN.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": OWN.home / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE = urlsplit(OWN.public_url).scheme == "https" or OWN.production
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = OWN.production
SECURE_HSTS_SECONDS = 31_536_000 if OWN.production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OWN.production
SECURE_HSTS_PRELOAD = OWN.production
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own (DE-TRK-01)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "einklang.watch.lines.formatter"}},
    "filters": {"told": {"()": "django.utils.log.CallbackFilter", "callback": lambda record: not record.exc_info}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        **{name: {"level": "WARNING"} for name in lines.QUIET},
        "django.request": {"filters": ["told"]},  # errors of pages: outage.py tells them without people's data
    },
}
