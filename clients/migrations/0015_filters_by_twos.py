"""Marks of two values each had an index of the client's own here; 0016 keeps them beside it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clients", "0014_who_sees_is_told")]

    operations = []
