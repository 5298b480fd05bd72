from __future__ import annotations

from django.db import migrations

# A way whose last step waited for an answer was not closed when the answer came: who went it could not enter again.
CLOSE = """
UPDATE decide_enrolment SET state = 'done', ended_at = since
WHERE state = 'waiting' AND step = 'end' AND NOT EXISTS (SELECT FROM decide_timer WHERE enrolment_id = decide_enrolment.id)
"""


class Migration(migrations.Migration):
    dependencies = [("decide", "0009_proofs")]
    operations = [migrations.RunSQL(CLOSE, migrations.RunSQL.noop)]
