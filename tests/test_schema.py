"""What the models promise of the database is in the database: a migration can take more away than it says."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [model for model in apps.get_models() if model._meta.managed], ids=lambda model: model._meta.label)
def test_each_constraint_and_index_of_a_model_stands_in_the_database(model):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    assert {named.name for named in (*model._meta.constraints, *model._meta.indexes)} - found.keys() == set()
