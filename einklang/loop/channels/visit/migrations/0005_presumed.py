from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visit", "0004_erasure")]
    operations = [
        migrations.AddField(
            model_name="report",
            name="presumed_because",
            field=models.TextField(
                default="", help_text="why a call may be presumed to be welcome (DE-CON-03)"
            ),
        ),
    ]
