from django.db import migrations

CHORE = "CREATE TABLE project_chore (name text PRIMARY KEY, last timestamptz NOT NULL)"


class Migration(migrations.Migration):
    """When each chore of the house was last begun, by whichever worker."""

    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CHORE, "DROP TABLE project_chore")]
