"""What several filters leave together is found by marks that the worker keeps (clients.0016)."""

from django.db import migrations

from clientdesk.stretch_upkeep import KeepMarks

# Branch and category of the client, position, portal access, whether primary, without e-mail, without CRM e-mails.
_VALUES = """
(SELECT ARRAY['b' || c.branch_id, 'c' || c.category_id] FROM clients_client c WHERE c.id = record.client_id)
|| ARRAY['o' || record.position_id, COALESCE((
    SELECT CASE WHEN a.invited_at IS NULL THEN 'anot_invited' WHEN NOT a.allowed THEN 'anone'
        WHEN a.accepted_at IS NULL THEN 'ainvited' ELSE 'aactive' END
    FROM portal_contactaccess a WHERE a.contact_id = record.id
), 'anot_invited'),
CASE WHEN record.is_primary THEN 'm' END, CASE WHEN record.email = '' THEN 'e' END, CASE WHEN record.no_crm_emails THEN 'n' END]
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0014_one_primary_contact_again"), ("clients", "0016_marks_beside_the_client")]

    operations = [KeepMarks("contacts_contact", _VALUES)]
