"""Words that many contacts have are found late in the order of names, too, without a look at what stands before."""

from django.db import migrations

from clientdesk.stretch_upkeep import KeepStretches


class Migration(migrations.Migration):
    dependencies = [("contacts", "0011_crm_mail_templates")]

    operations = [KeepStretches("contacts_contact")]
