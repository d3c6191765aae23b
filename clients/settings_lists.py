"""The settings lists that describe clients."""

from django.utils.translation import gettext_lazy as _

from clients.settings_forms import BranchForm, CategoryForm, CompanyTypeForm, IndustryForm, LeadSourceForm
from clients.settings_list import SettingsList

BRANCHES = SettingsList(
    form=BranchForm,
    title=_("Branches"),
    text=_("The branches of your own company. Each client belongs to one, and one is the headquarters."),
    add=_("Add branch"),
    save=_("Save branch"),
    icon="building",
    columns=((_("Code"), lambda entry: entry.code), (_("City"), lambda entry: entry.city)),
)
CATEGORIES = SettingsList(
    form=CategoryForm,
    title=_("Categories"),
    text=_("What clients are to you: which documents they deliver, what the wizard asks, who may use them."),
    add=_("Add category"),
    save=_("Save category"),
    icon="folder-tree",
    columns=(
        (_("Code"), lambda entry: entry.code),
        (_("Required documents"), lambda entry: ", ".join(entry.required_documents)),
        (_("Extra step"), lambda entry: entry.extra_step),
    ),
)
COMPANY_TYPES = SettingsList(
    form=CompanyTypeForm,
    title=_("Company types"),
    text=_("Legal forms of clients: how they are numbered and which steps the wizard asks for."),
    add=_("Add company type"),
    save=_("Save company type"),
    icon="landmark",
    columns=(
        (_("Code"), lambda entry: entry.code),
        (_("For"), lambda entry: entry.get_fits_display()),
        (_("Identification mask"), lambda entry: entry.id_mask),
    ),
)
INDUSTRIES = SettingsList(
    form=IndustryForm,
    title=_("Industries"),
    text=_("What clients do. A client may have several."),
    add=_("Add industry"),
    save=_("Save industry"),
    icon="factory",
)
LEAD_SOURCES = SettingsList(
    form=LeadSourceForm,
    title=_("Lead sources"),
    text=_("How clients found you."),
    add=_("Add lead source"),
    save=_("Save lead source"),
    icon="radar",
)
