"""Settings, Custom fields: the fields of clients and of contacts, and what is done to one (XD23)."""

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import history, places
from clientdesk.forms import DeskForm
from clientdesk.rights import Right, needs
from clientdesk.trees import paths
from clientdesk.views import CreatePage, EditPage, Screen
from clients.custom_forms import CustomFieldForm, has_values
from clients.models import Category, CompanyType, CustomField
from clients.settings_views import CHANGES_SHOWN


def _url() -> str:
    return reverse("settings:custom_fields")


class CustomFields(Screen):
    """All custom fields, by whom they are asked of; the deactivated ones stand beneath."""

    right = Right.SETTINGS
    template_name = "settings/custom_fields.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        fields = list(CustomField.objects.all())
        types = paths(CompanyType) if any(field.company_type_id for field in fields) else {}
        categories = paths(Category) if any(field.category_id for field in fields) else {}
        rows = [(field, types.get(field.company_type_id, ""), categories.get(field.category_id, "")) for field in fields]
        parts = [
            (entity, label, [row for row in rows if row[0].entity == entity.value and row[0].active])
            for entity, label in zip(CustomField.Entity, (_("Of clients"), _("Of contacts")), strict=True)
        ]
        return self.show(
            parts=parts,
            any_active=any(field.active for field in fields),
            inactive=[row for row in rows if not row[0].active],
            undo=next((field for field in fields if not field.active and str(field.pk) == request.GET.get("deactivated")), None),
            moved=request.GET.get("moved", ""),
            moved_up=request.GET.get("way") == "up",
        )


class AddCustomField(CreatePage):
    """A new custom field."""

    right = Right.SETTINGS
    form_class = CustomFieldForm
    template_name = "settings/custom_field_add.html"

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        wanted = self.request.GET.get("entity", "")
        beforehand = wanted if wanted in CustomField.Entity.values else CustomField.Entity.CLIENT
        return CustomFieldForm(posted, initial={"entity": beforehand})

    def done_url(self, record: Model) -> str:
        return f"{_url()}#field-{record.pk}"


class EditCustomField(EditPage):
    """A custom field, refused when somebody saved it meanwhile."""

    right = Right.SETTINGS
    form_class = CustomFieldForm
    template_name = "settings/custom_field_edit.html"

    def queryset(self) -> QuerySet:
        return CustomField.objects.all()

    def done_url(self) -> str:
        return f"{_url()}#field-{self.record.pk}"

    def context(self, **more) -> dict[str, object]:
        entries = history.entries(history.changes_of(self.record)[:CHANGES_SHOWN], CustomField)
        return super().context(entries=entries, **more)


class DeleteCustomField(Screen):
    """A custom field without any value can go for good; any other stays, with the reason."""

    right = Right.SETTINGS
    template_name = "settings/custom_field_delete.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        field = get_object_or_404(CustomField, pk=pk)
        return self.show(record=field, reason=_why_not_deleted(field))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        field = get_object_or_404(CustomField.objects.select_for_update(), pk=pk)
        if reason := _why_not_deleted(field):
            return self.show(422, record=field, reason=reason)
        field.delete()
        messages.success(request, _("%(field)s was deleted.") % {"field": field.label})
        return HttpResponseRedirect(_url(), status=303)


def _why_not_deleted(field: CustomField) -> str:
    if not has_values(field):
        return ""
    if field.entity == CustomField.Entity.CLIENT:
        return _("“%(field)s” cannot be deleted: clients hold values of it.") % {"field": field}
    return _("“%(field)s” cannot be deleted: contacts hold values of it.") % {"field": field}


@needs(Right.SETTINGS)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a custom field no more; values stay where they are."""
    field = get_object_or_404(CustomField.objects.select_for_update(), pk=pk)
    if field.active:
        field.active = False
        field.save(update_fields=["active"])
    return HttpResponseRedirect(f"{_url()}?deactivated={field.pk}", status=303)


@needs(Right.SETTINGS)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a deactivated custom field again."""
    field = get_object_or_404(CustomField.objects.select_for_update(), pk=pk)
    if not field.active:
        field.active = True
        field.save(update_fields=["active"])
        messages.success(request, _("%(field)s was restored.") % {"field": field.label})
    return HttpResponseRedirect(f"{_url()}#field-{field.pk}", status=303)


@needs(Right.SETTINGS)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a custom field change places with its neighbour; `way` is up or down."""
    places.lock(CustomField)
    field = get_object_or_404(CustomField, pk=pk)
    up = request.POST.get("way") == "up"
    if field.active:
        places.move(field, list(CustomField.objects.of(field.entity)), up=up)
    return HttpResponseRedirect(f"{_url()}?moved={field.pk}&way={'up' if up else 'down'}", status=303)
