from django.db import migrations

# A safety report that came back is sent again. Under which subject and to which address a message went is kept, since
# the person may have changed both when it comes back days later.
AGAIN = """
DROP TRIGGER gate_message_final ON gate_message;
CREATE TRIGGER gate_message_final BEFORE UPDATE OF state ON gate_message FOR EACH ROW
    WHEN (OLD.state IN ('sent', 'delivered', 'withheld') AND NEW.state IN ('planned', 'held', 'sending', 'uncertain')
        AND NOT (OLD.purpose = 'safety' AND OLD.state = 'sent' AND NEW.state = 'planned'))
    EXECUTE FUNCTION gate_message_final();
ALTER TABLE gate_message ADD COLUMN subject text, ADD COLUMN address_hash text;
"""

BACK = """
ALTER TABLE gate_message DROP COLUMN subject, DROP COLUMN address_hash;
DROP TRIGGER gate_message_final ON gate_message;
CREATE TRIGGER gate_message_final BEFORE UPDATE OF state ON gate_message FOR EACH ROW
    WHEN (OLD.state IN ('sent', 'delivered', 'withheld') AND NEW.state IN ('planned', 'held', 'sending', 'uncertain'))
    EXECUTE FUNCTION gate_message_final();
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0004_mail")]
    operations = [migrations.RunSQL(AGAIN, BACK)]
