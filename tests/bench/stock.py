"""The stock way: django-import-export as its documentation shows it, on the same rows, with the same history."""

import tablib
from import_export import fields, resources, widgets
from import_export.results import Result

from clients.models import Branch, Category, Client, CompanyType

KEYS = (
    "name", "legal_name", "external_id", "status", "email", "phone", "website", "country", "branch", "category", "company_type",
    "tax_number", "street", "postal_code", "city",
)  # fmt: skip


class StockResource(resources.ModelResource):
    """A ModelResource found by name, its three lists by ForeignKeyWidget; a new client is registered as the product does."""

    branch = fields.Field(attribute="branch", column_name="branch", widget=widgets.ForeignKeyWidget(Branch, field="name"))
    category = fields.Field(attribute="category", column_name="category", widget=widgets.ForeignKeyWidget(Category, field="name"))
    company_type = fields.Field(
        attribute="company_type", column_name="company_type", widget=widgets.ForeignKeyWidget(CompanyType, field="name")
    )

    class Meta:
        model = Client
        import_id_fields = ("name",)
        fields = KEYS

    def do_instance_save(self, instance: Client, is_create: bool) -> None:
        if is_create:
            instance.register(None)
        else:
            instance.save()


def run(dataset: tablib.Dataset) -> tuple[Result, Result]:
    """Preview (a dry run) and import `dataset`, as the stock pages do; return both results."""
    preview = StockResource().import_data(dataset, dry_run=True)
    return preview, StockResource().import_data(dataset, dry_run=False)
