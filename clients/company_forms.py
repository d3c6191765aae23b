"""Adding and changing a company of the registry."""

from crispy_forms.layout import Field, Row
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clients.models import Company, CompanyType


class CompanyForm(DeskForm):
    """A company as it is registered. What follows its client is shown, but changed at the client only (decision 6)."""

    places = {"name_key": "registered_name"}
    form_layout = (
        Row(
            Field("registered_name", wrapper_class="full"),
            "company_type",
            "country",
            "registration_number",
            "tax_number",
        ),
    )

    class Meta(DeskForm.Meta):
        model = Company
        fields = ("registered_name", "company_type", "country", "registration_number", "tax_number")
        help_texts = {"registration_number": gettext_lazy("As the commercial register writes it, such as HRB 123456 B.")}
        error_messages = {"registered_name": {"required": gettext_lazy("Enter the name under which the company is registered.")}}

    def prepare(self) -> None:
        company = self.instance
        fitting = Q(active=True) & ~Q(fits=CompanyType.Fits.INDIVIDUAL)
        self.fields["company_type"].queryset = CompanyType.objects.filter(fitting | Q(pk=company.company_type_id))
        self.fields["company_type"].empty_label = _("Not given")
        self.fields["country"].choices = [("", _("Not given")), *list(self.fields["country"].choices)[1:]]
        if company.client_id:
            for name in Company.FOLLOWS:
                field = self.fields[name.removesuffix("_id")]
                field.disabled, field.mark_optional = True, False

    def clean(self) -> None:
        super().clean()
        name, country = self.cleaned_data.get("registered_name"), self.cleaned_data.get("country", "")
        if name and not self.instance.client_id and (twin := Company.free_twin(name, country, but=self.instance.pk)):
            sentence = _("“%(company)s” is in the registry already.") % {"company": twin}
            link = format_html('{} <a href="{}">{}</a>', sentence, twin.get_absolute_url(), _("Open it"))
            raise ValidationError({"registered_name": link})
