from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_account")]

    operations = [
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("source", models.TextField()),
                ("batch", models.UUIDField(db_index=True)),
                ("obtained_at", models.DateTimeField()),
                ("notice_due", models.DateTimeField(null=True)),
                ("notice_given_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
