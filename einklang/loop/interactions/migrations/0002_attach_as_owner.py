from django.db import migrations


class Migration(migrations.Migration):
    """Whoever writes the log may attach the month's partition, also as a role that owns no table."""

    dependencies = [("interactions", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION interactions_attach(date) SECURITY DEFINER SET search_path = public, pg_temp;",
            "ALTER FUNCTION interactions_attach(date) SECURITY INVOKER RESET search_path;",
        )
    ]
