from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_suppressed")]
    operations = [
        migrations.AddField("user", "version", models.IntegerField(default=1, db_default=1)),
        migrations.AddField("user", "created_at", models.DateTimeField(null=True)),
    ]
