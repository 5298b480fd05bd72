from django.db import migrations

# Pages store verdicts and never change one, whatever a statement of theirs says beforehand.
REVOKE = "REVOKE UPDATE, DELETE, TRUNCATE ON gate_verdict, gate_facts, gate_pack FROM einklang_face"
GRANT = "GRANT UPDATE, DELETE ON gate_verdict, gate_facts, gate_pack TO einklang_face"


class Migration(migrations.Migration):
    dependencies = [("gate", "0005_safety_returns"), ("people", "0003_viewer")]
    operations = [migrations.RunSQL(REVOKE, GRANT)]
