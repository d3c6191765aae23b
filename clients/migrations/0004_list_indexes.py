"""Indexes by which each filter of the lists is read in the order of names, and words within the search texts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clientdesk.trigrams import IndexWords


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0003_companies_of_clients'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='client',
            name='branch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='clients.branch', verbose_name='Branch'),
        ),
        migrations.AlterField(
            model_name='client',
            name='category',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='clients.category', verbose_name='Category'),
        ),
        migrations.AlterField(
            model_name='client',
            name='company_type',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='clients.companytype', verbose_name='Company type'),
        ),
        migrations.AlterField(
            model_name='client',
            name='project_manager',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Project manager'),
        ),
        migrations.AlterField(
            model_name='client',
            name='sales_person',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Sales person'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(fields=['kind', 'name_key'], name='client_by_kind'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(fields=['branch', 'name_key'], name='client_by_branch'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(fields=['country', 'name_key'], name='client_by_country'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(condition=models.Q(('category__isnull', False)), fields=['category', 'name_key'], name='client_by_category'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(condition=models.Q(('company_type__isnull', False)), fields=['company_type', 'name_key'], name='client_by_company_type'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(condition=models.Q(('sales_person__isnull', False)), fields=['sales_person', 'name_key'], name='client_by_sales_person'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(condition=models.Q(('project_manager__isnull', False)), fields=['project_manager', 'name_key'], name='client_by_project_manager'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(condition=models.Q(('restricted_to_responsible', True)), fields=['name_key'], name='client_restricted'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(condition=models.Q(('client', None)), fields=['name_key', 'id'], name='company_without_client'),
        ),
        IndexWords("clients_client"),
        IndexWords("clients_company"),
    ]
