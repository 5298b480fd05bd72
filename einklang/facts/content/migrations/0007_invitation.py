from datetime import UTC, datetime

from django.db import migrations

from einklang.facts.content import digest
from einklang.facts.content.migrations._system_mails import MEANING, NAME

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
PLAIN = {
    "version": 0,
    "slug": "invitation",
    "kind": "system_mail",
    "promotional": False,
    "rx": False,
    "audience": "public",
    "market": "DE",
    "topics": [],
    "indications": [],
    "assets": {},
    "valid_from": BEGIN,
}
BODY = {
    "de": {
        "subject": "Ihr Zugang zu Einklang",
        "greeting": "{salutation},",
        "paragraphs": [
            "{company} hat ein Konto für Sie angelegt. Wählen Sie Ihr Passwort, dann können Sie sich anmelden.",
            "Der Link gilt sieben Tage und nur einmal. Danach hilft die Seite „Passwort vergessen“.",
        ],
        "links": [{"label": "Passwort wählen", "kind": "reset", "url": "{access_url}"}],
        "closing": "{company}",
    },
    "en": {
        "subject": "Your access to Einklang",
        "greeting": "{salutation},",
        "paragraphs": [
            "{company} has made an account for you. Choose your password, then you can log in.",
            "The link is valid for seven days and only once. After that the page “Forgotten your password” helps.",
        ],
        "links": [{"label": "Choose a password", "kind": "reset", "url": "{access_url}"}],
        "closing": "{company}",
    },
}


def ship(apps, schema_editor):
    versions, signatures = (apps.get_model("content", name) for name in ("ContentVersion", "Signature"))
    fields = dict.fromkeys(digest.SIGNED) | PLAIN | {"body": BODY}
    sha256 = digest.sha256(fields)
    mail = versions.objects.create(**fields, sha256=sha256)
    signatures.objects.create(version=mail, role="product", name=NAME, meaning=MEANING, at=BEGIN, sha256=sha256)
    versions.objects.filter(pk=mail.pk).update(state="frozen", frozen_at=BEGIN)


class Migration(migrations.Migration):
    dependencies = [("content", "0006_review_guard")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
