"""By access a contact is found together with other filters, and a client by that of its primary contact."""

from django.db import migrations

from clientdesk.stretch_upkeep import Loosen

_OF_ACCESS = "SELECT client_id FROM contacts_contact WHERE id = COALESCE(NEW.contact_id, OLD.contact_id) AND is_primary"
_OF_CONTACT = """
SELECT client FROM (VALUES (NEW.client_id), (OLD.client_id)) other (client)
WHERE client IS NOT NULL AND (NEW.id IS NULL OR (OLD.is_primary, OLD.client_id) IS DISTINCT FROM (NEW.is_primary, NEW.client_id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_which_mails_a_contact_gets"),
        ("clients", "0016_marks_beside_the_client"),
        ("contacts", "0015_marks_beside_the_contact"),
    ]

    operations = [
        Loosen("clients_client", "portal_contactaccess", "INSERT OR UPDATE OR DELETE", _OF_ACCESS),
        Loosen("contacts_contact", "portal_contactaccess", "INSERT OR UPDATE OR DELETE", "SELECT COALESCE(NEW.contact_id, OLD.contact_id)"),
        Loosen("clients_client", "contacts_contact", "UPDATE OR DELETE", _OF_CONTACT),
    ]
