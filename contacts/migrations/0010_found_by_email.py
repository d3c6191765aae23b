"""An import may find contacts by their e-mail address, whatever the case of its letters."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0009_found_by_email'),
        ('contacts', '0009_found_by_numbers_and_former_names'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='contact_by_any_email'),
        ),
    ]
