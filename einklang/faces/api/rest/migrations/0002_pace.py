from django.db import migrations, models

UNLOGGED = "ALTER TABLE rest_pace SET UNLOGGED; ALTER TABLE rest_pace SET (fillfactor = 50)"


class Migration(migrations.Migration):
    dependencies = [("rest", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
                ("level", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(UNLOGGED, migrations.RunSQL.noop),
    ]
