from django.db import migrations

MAIL = """
CREATE TABLE gate_mail_domain (
    domain text PRIMARY KEY,
    passed boolean NOT NULL,
    checked_at timestamptz NOT NULL,
    tried_at timestamptz NOT NULL,
    findings jsonb NOT NULL
);
CREATE TABLE gate_mail_cap (
    domain text PRIMARY KEY,
    per_hour integer NOT NULL CHECK (per_hour > 0),
    since timestamptz NOT NULL
);
CREATE TABLE gate_mail_warm_up (
    domain text PRIMARY KEY,
    since timestamptz NOT NULL
);
CREATE TABLE gate_mail_pace (
    domain text NOT NULL,
    hour timestamptz NOT NULL,
    sent integer NOT NULL DEFAULT 0,
    promised integer NOT NULL DEFAULT 0,
    PRIMARY KEY (domain, hour)
);
"""

BACK = """
DROP TABLE gate_mail_pace;
DROP TABLE gate_mail_warm_up;
DROP TABLE gate_mail_cap;
DROP TABLE gate_mail_domain;
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0003_erasure")]
    operations = [migrations.RunSQL(MAIL, BACK)]
