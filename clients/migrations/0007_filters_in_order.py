"""Clients of an industry or of a person are read in the order of names, and so are names of the scripts that stand late in it."""

from django.db import migrations

from clientdesk.trigrams import IndexLate
from clients.links_in_order import LinksInOrder


class Migration(migrations.Migration):
    dependencies = [("clients", "0006_signs_without_spaces")]

    operations = [
        LinksInOrder("clients_clientindustry", "industry_id"),
        LinksInOrder("clients_responsible", "user_id"),
        IndexLate("clients_client", "name_key", "client_by_late_name"),
        IndexLate("clients_company", "name_key, id", "company_by_late_name"),
    ]
