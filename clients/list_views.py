"""Staff pages of all clients: the list and Add client."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.rights import Right
from clientdesk.tables.pages import TablePage
from clientdesk.views import CreatePage, Screen
from clients.duplicate_views import AsksFirst
from clients.duplicates import similar
from clients.forms import AddClientForm
from clients.models import Branch, Client
from clients.table import TABLE


class ClientList(TablePage):
    """S1: the clients in use, 50 to a page (J1, J14, J22, J29, X1)."""

    table = TABLE
    template_name = "clients/client_list.html"

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s client", "%(count)s clients", count) % {"count": self.counted(text)}


class ChooseKind(Screen):
    """The chooser before Add client: one decides what the client is, or lets the wizard, a company or a spreadsheet say it (C1, C7)."""

    right = Right.ADD
    template_name = "clients/client_choose.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()


class AddClient(AsksFirst, CreatePage):
    """S2: six fields, then the new profile (X2 to X17); nobody gets here without having decided the kind (C1)."""

    form_class = AddClientForm
    template_name = "clients/client_add.html"

    def form(self, posted: QueryDict | None = None) -> AddClientForm:
        """Return the form for the kind of the address, with the person's own branch chosen (X14, XD36)."""
        initial = {"individual": self.request.GET.get("kind") == Client.Kind.INDIVIDUAL}
        if branch := Branch.preselected(self.request.user):
            initial["branch"] = branch.pk
        return AddClientForm(posted, initial=initial)

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if request.GET.get("kind") not in Client.Kind.values:
            return redirect("clients:choose")
        return super().get(request, **kwargs)

    def done_url(self, record: Model) -> str:
        return f"{reverse('clients:add')}?kind={record.kind}" if "another" in self.request.POST else record.get_absolute_url()

    def done_sentence(self, record: Model) -> str:
        sentence = _("%(client)s was added as %(number)s.") % {"client": record, "number": record.number}
        if "another" not in self.request.POST:
            return sentence
        return format_html('{} <a href="{}">{}</a>', sentence, record.get_absolute_url(), _("Open the profile"))


class SimilarClients(Screen):
    """The clients that look like what is being typed, for Add client."""

    right = Right.ADD
    template_name = "clients/client_similar.html"
    part = "similar"

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = {name: request.GET.get(name, "")[:254] for name in ("name", "legal_name", "email", "website", "phone", "tax_number")}
        return self.show(similar=similar(**typed, user=request.user))
