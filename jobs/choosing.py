"""New work from anywhere: the client of the address, or the page that asks for which client it is (J28, X19)."""

from typing import ClassVar

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise

from clientdesk.forms import DeskForm
from clientdesk.lists import LARGEST_ID
from clientdesk.search import narrow
from clientdesk.views import CreatePage
from clients.models import Client

_OFFERED = 20


class ForClient(CreatePage):
    """New work of the client `?client=7`; without one, or with one that is not there for this person, the client is asked for.

    `kind` says which work it is (quote, project, job), `title` what the page is called.
    """

    kind: ClassVar[str]
    title: ClassVar[str | Promise]
    client: Client | None = None

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        if (key := self.key("client")) and request.user.is_authenticated:
            self.client = Client.objects.visible_to(request.user).filter(pk=key, erased_at=None).first()

    def key(self, name: str) -> int:
        """Return the key that the address names as `name`, or 0."""
        text = self.request.GET.get(name, "")
        key = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
        return key if key <= LARGEST_ID else 0

    def why_not(self, client: Client) -> str:
        """Return the name of what keeps `client` from new work (a part of the template jobs/why_not.html), or an empty text."""
        return ""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._refused() or self.show(form=self.form())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._refused(422) or super().post(request, **kwargs)

    def _refused(self, status: int = 200) -> HttpResponse | None:
        if self.client is None:
            return self._ask(status)
        if reason := self.why_not(self.client):
            shown = {"client": self.client, "reason": reason, "title": self.title, "kind": self.kind}
            return render(self.request, "jobs/why_not.html", shown, status=status)
        return None

    def _ask(self, status: int) -> HttpResponse:
        """Let the person choose the client first; a client of the address that is not there is ignored, and that is said."""
        text = self.request.GET.get("q", "")[:200].replace("\x00", " ").strip()
        found = narrow(Client.objects.visible_to(self.request.user).filter(erased_at=None), text) if text else Client.objects.none()
        offered = list(found.order_by("name_key", "pk")[:_OFFERED])
        shown = {"words": text, "clients": offered, "unknown": bool(self.request.GET.get("client"))}
        return render(self.request, "jobs/job_client.html", shown | {"title": self.title, "kind": self.kind}, status=status)

    def context(self, **more) -> dict[str, object]:
        return super().context(client=self.client, title=self.title, kind=self.kind, **more)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        if self.client is None:
            raise Http404
        return self.filled(posted, self.client)

    def filled(self, posted: QueryDict | None, client: Client) -> DeskForm:
        """Return the form of new work of `client`, bound to `posted` where given."""
        raise NotImplementedError
