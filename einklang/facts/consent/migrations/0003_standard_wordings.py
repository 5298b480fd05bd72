from datetime import UTC, datetime

from django.db import migrations

from einklang.core import ids
from einklang.facts.consent.standard import WORDINGS

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def publish(apps, schema_editor):
    wording = apps.get_model("consent", "Wording")
    wording.objects.bulk_create(
        wording(
            permission=permission,
            version=1,
            locale=locale,
            text=text,
            sha256=ids.digest(text.encode()),
            valid_from=BEGIN,
        )
        for permission, texts in WORDINGS.items()
        for locale, text in texts.items()
    )


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_append_only")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
