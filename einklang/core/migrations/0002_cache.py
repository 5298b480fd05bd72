from django.db import migrations

# The form that Django's own database cache asks for.
CACHE = """
CREATE UNLOGGED TABLE core_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX core_cache_expires ON core_cache (expires)
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(CACHE, "DROP TABLE core_cache")]
