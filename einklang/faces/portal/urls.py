from __future__ import annotations

from django.urls import include, path

from einklang.faces.portal import (
    home,
    legal,
    library,
    login,
    media,
    medicines,
    notice,
    optin,
    password,
    preferences,
    reading,
    safety,
    search,
    taste,
    unsubscribe,
)

pages = [
    path("", home.home, name="home"),
    path("suche", search.search, name="search"),
    path("suche/vergessen", search.forget, name="search_forget"),
    path("auswahl", taste.say, name="taste"),
    path("wissen", library.knowledge, name="knowledge"),
    path("inhalt/<slug:slug>", reading.article, name="article"),
    path("inhalt/<slug:slug>/merken", reading.keep, name="keep"),
    path("inhalt/<slug:slug>/fortschritt", reading.progress, name="progress"),
    path("medien/<uuid:version>/<path:name>", media.asset, name="media"),
    path("einwilligung", notice.notice, name="notice"),
    path("einstellungen", preferences.preferences, name="preferences"),
    path("bestaetigen/<str:token>", optin.confirm, name="confirm"),
    path("abmelden/<str:token>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("nebenwirkung", safety.report, name="safety"),
    path("nebenwirkung/danke", safety.reported, name="reported"),
    path("arzneimittel", medicines.medicines, name="medicines"),
    path("arzneimittel/<slug:slug>", medicines.product, name="product"),
    path("fachinformation/<slug:slug>", medicines.smpc, name="smpc"),
    path("impressum", legal.imprint, name="imprint"),
    path("datenschutz", legal.privacy, name="privacy"),
]
urlpatterns = [
    path("anmelden", login.login, name="account_login"),
    path("abmeldung", login.logout, name="account_logout"),
    path("konto-ruht", login.inactive, name="account_inactive"),
    path("passwort", password.forgotten, name="password_forgotten"),
    path("passwort/unterwegs", password.sent, name="password_sent"),
    path("passwort/<str:token>", password.choose, name="password_choose"),
    path("", include((pages, "portal"))),
]
