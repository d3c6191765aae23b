"""Words that many clients or companies have are found late in the order of names, too, without a look at what stands before."""

from django.db import migrations

from clientdesk.stretch_upkeep import KeepStretches


class Migration(migrations.Migration):
    dependencies = [("clients", "0011_budget_codes_for_jobs_too")]

    operations = [KeepStretches("clients_client"), KeepStretches("clients_company")]
