"""Clients, companies and merges are found by one or two signs of a script without spaces, wherever they stand in a name."""

from django.db import migrations

from clientdesk.refolding import Refold


class Migration(migrations.Migration):
    dependencies = [("clients", "0005_tabs_are_counted_by_indexes"), ("clientdesk", "0005_history_for_ever")]

    operations = [Refold("clients", "Client"), Refold("clients", "Company"), Refold("clientdesk", "Merge")]
