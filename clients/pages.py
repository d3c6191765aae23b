"""The shape of pages that change a client: within its profile, only where it may be seen, saying beforehand what else will happen."""

from typing import ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clientdesk.consequences import fingerprint
from clientdesk.forms import DeskForm
from clientdesk.views import EditPage
from clients.duplicate_views import TellsAfter
from clients.forms.rules import EditRules
from clients.models import Client


class EditClientPage(TellsAfter, EditPage):
    """A form over a client; what it brings with it is confirmed on a page of its own (XD11, XD33, invariants 3, 4, 19, 22)."""

    back: ClassVar[str] = "clients:detail"
    save_label: ClassVar[str | Promise]

    def queryset(self) -> QuerySet:
        return Client.objects.visible_to(self.request.user).select_related("branch", "company_type")

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return self.form_class(posted, instance=self.record, user=self.request.user)

    def done_url(self) -> str:
        """Return the tab that shows what was changed; the list where the person may not see the client any more."""
        return url_while_seen(self.request, self.record, self.back)

    def context(self, **more) -> dict[str, object]:
        return super().context(client=self.record, save_label=self.save_label, **more)

    def _again(self, form: DeskForm) -> HttpResponse:
        if isinstance(form, EditRules) and form.waits_for_confirmation:
            return self._ask(form)
        return super()._again(form)

    def _ask(self, form: EditRules) -> HttpResponse:
        found = form.consequences()
        self.record = self.find()
        context = self.context(
            consequences=found,
            fingerprint=fingerprint(found),
            keep=[bound.as_hidden() for bound in form if not bound.field.disabled],
            edit_url=self.edit_url(),
        )
        return render(self.request, "clients/client_confirm.html", context)


def url_while_seen(request: HttpRequest, client: Client, name: str) -> str:
    """Return the address of the page `name` of `client`, or with a notice that of the list where the person does not see it any more
    (XD33)."""
    if Client.objects.visible_to(request.user).filter(pk=client.pk).exists():
        return reverse(name, args=[client.pk])
    messages.info(request, _("Only the people responsible for %(client)s see it now.") % {"client": client})
    return reverse("clients:list")
