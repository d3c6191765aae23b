"""Contacts are found by one or two signs of a script without spaces, wherever they stand in a name."""

from django.db import migrations

from clientdesk.refolding import Refold


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_list_indexes")]

    operations = [Refold("contacts", "Contact")]
