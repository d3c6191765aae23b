"""The tabs Identification, Addresses and Preferences of a client's profile: what is known, and the form behind Edit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import preferences
from clientdesk.format_pages import EditFormatsPage
from clientdesk.models import Formats, User
from clientdesk.views import Screen
from clients import facts
from clients.forms import AddressesForm, ClientFormatsForm, IdentificationForm
from clients.models import Client, ClientFormats
from clients.pages import EditClientPage
from clients.profile import client_of, profile


class Identification(Screen):
    """Identification data and sales data (XD3, XD4), and what is counted (XD17)."""

    template_name = "clients/client_identification.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user, "lead_source", "sales_person", "project_manager")
        industries = [link.industry for link in client.client_industries.select_related("industry").order_by("industry__name_key")]
        people = [link.user for link in client.responsibles.select_related("user").order_by("user__last_name", "user__first_name")]
        return self.show(
            **profile(client, "identification"),
            identification=facts.identification(client, industries),
            sales=facts.sales(client, people),
            counts=_counts(client),
        )


def _counts(client: Client) -> list[facts.Fact]:
    """XD17: quotes and projects with their dates, contacts in use and deactivated, documents."""
    return [
        *facts.work(client),
        facts.Fact(_("Contact persons"), client.contact_count),
        facts.Fact(_("Deactivated contact persons"), client.contacts.filter(active=False).count()),
        facts.Fact(_("Documents"), client.document_count),
    ]


class EditIdentification(EditClientPage):
    """The form behind Identification."""

    form_class = IdentificationForm
    template_name = "clients/client_form.html"
    back = "clients:identification"
    save_label = gettext_lazy("Save identification")

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if "add_all" in request.POST:
            return self._with_everybody()
        return super().post(request, **kwargs)

    def _with_everybody(self) -> HttpResponse:
        """Tick everybody of the client's branch; nothing is saved yet (XD4, “Add all”)."""
        self.record = self.find()
        posted = self.request.POST.copy()
        branch = posted.get("branch", "")
        known = branch.isascii() and branch.isdecimal() and len(branch) < 19
        people = User.objects.staff().filter(is_active=True, posting__branch=int(branch) if known else self.record.branch_id)
        chosen = dict.fromkeys([*posted.getlist("responsible"), *(str(key) for key in people.values_list("pk", flat=True))])
        posted.setlist("responsible", list(chosen))
        return self.show(form=self.form(posted), unsaved=True, nobody=not people)


class Addresses(Screen):
    """Where the client is and how it is reached (XD5 to XD7)."""

    template_name = "clients/client_addresses.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user)
        return self.show(**profile(client, "addresses"), addresses=facts.addresses(client), reaching=facts.reaching(client))


class EditAddresses(EditClientPage):
    """The form behind Addresses."""

    form_class = AddressesForm
    template_name = "clients/client_form.html"
    back = "clients:addresses"
    save_label = gettext_lazy("Save addresses")


def formats_of(client: Client) -> ClientFormats:
    """Return the formats of `client`, or unsaved ones that follow the system's."""
    found = ClientFormats.objects.filter(client=client).first() or ClientFormats()
    found.client = client
    return found


class Preferences(Screen):
    """Language and formats, each with what it looks like (XD12, XD14)."""

    template_name = "clients/client_preferences.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user)
        formats = formats_of(client)
        style = preferences.resolve(formats, language=client.language)
        return self.show(**profile(client, "preferences"), formats=formats, lines=preferences.compared(style))


class EditPreferences(EditFormatsPage):
    """The form behind Preferences."""

    form_class = ClientFormatsForm
    template_name = "clients/client_preferences_edit.html"

    def formats_of(self, lock: bool) -> Formats:
        clients = Client.objects.visible_to(self.request.user)
        self.client = get_object_or_404(clients.select_for_update(of=("self",)) if lock else clients, pk=self.kwargs["pk"])
        return formats_of(self.client)

    def done_url(self) -> str:
        return reverse("clients:preferences", args=[self.client.pk])

    def context(self, **more) -> dict[str, object]:
        return super().context(client=self.client, **more)
