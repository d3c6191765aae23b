"""What several filters leave together is found by marks that the worker keeps: of industries, people and portal access, too."""

from django.db import migrations

from clientdesk.only_postgresql import OfPostgreSQL
from clientdesk.stretch_upkeep import KeepMarks, Loosen

# Branch, category, company type, kind, status, land, industry, person responsible, access of the primary contact.
_VALUES = """
ARRAY['b' || record.branch_id, 'c' || record.category_id, 't' || record.company_type_id, 'k' || record.kind, 's' || record.status,
    'l' || NULLIF(record.country, '')]
|| ARRAY(SELECT 'i' || i.industry_id FROM clients_clientindustry i WHERE i.client_id = record.id)
|| ARRAY(SELECT 'p' || person FROM (
    SELECT record.sales_person_id UNION SELECT record.project_manager_id
    UNION SELECT r.user_id FROM clients_responsible r WHERE r.client_id = record.id
) people (person))
|| COALESCE((
    SELECT CASE WHEN a.invited_at IS NULL THEN 'anot_invited' WHEN NOT a.allowed THEN 'anone'
        WHEN a.accepted_at IS NULL THEN 'ainvited' ELSE 'aactive' END
    FROM contacts_contact k JOIN portal_contactaccess a ON a.contact_id = k.id WHERE k.client_id = record.id AND k.is_primary
), 'anot_invited')
"""


class DropPairs(OfPostgreSQL):
    """Drop what 0015 made once."""

    def forwards(self) -> list[str]:
        return ["DROP INDEX IF EXISTS client_pairs", "DROP FUNCTION IF EXISTS clients_client_pairs"]

    def backwards(self) -> list[str]:
        return []


class Migration(migrations.Migration):
    dependencies = [("clients", "0015_filters_by_twos")]

    operations = [
        DropPairs(),
        KeepMarks("clients_client", _VALUES),
        Loosen("clients_client", "clients_clientindustry", "INSERT OR UPDATE", "SELECT NEW.client_id"),
        Loosen("clients_client", "clients_responsible", "INSERT OR UPDATE", "SELECT NEW.client_id"),
    ]
