from datetime import UTC, datetime

from django.db import migrations

from einklang.facts.content import digest
from einklang.facts.content.migrations._system_mails import MEANING, NAME, SYSTEM_MAILS

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
PLAIN = {
    "version": 0,
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


def ship(apps, schema_editor):
    versions, signatures = (apps.get_model("content", name) for name in ("ContentVersion", "Signature"))
    for slug, body in SYSTEM_MAILS.items():
        fields = dict.fromkeys(digest.SIGNED) | PLAIN | {"slug": slug, "body": body}
        sha256 = digest.sha256(fields)
        mail = versions.objects.create(**fields, sha256=sha256)
        signatures.objects.create(version=mail, role="product", name=NAME, meaning=MEANING, at=BEGIN, sha256=sha256)
        versions.objects.filter(pk=mail.pk).update(state="frozen", frozen_at=BEGIN)


class Migration(migrations.Migration):
    dependencies = [("content", "0002_frozen")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
