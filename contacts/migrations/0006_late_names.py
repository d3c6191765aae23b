"""Contacts whose names are written in scripts that stand late in the order are read in it by an index of their own."""

from django.db import migrations

from clientdesk.trigrams import IndexLate


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_contact_complete")]

    operations = [IndexLate("contacts_contact", "sort_key, id", "contact_by_late_name")]
