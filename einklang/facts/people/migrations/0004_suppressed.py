from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_viewer")]
    operations = [
        migrations.CreateModel(
            name="Suppressed",
            fields=[
                ("digest", models.TextField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
