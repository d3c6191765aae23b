"""The pages of a CRM e-mail: choose whom, write, look at each message, send (X42, invariant 14); and the way out of such mails."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clientdesk.lists import LARGEST_ID
from clientdesk.rights import Right
from clientdesk.tables.picking import Selection
from clientdesk.views import Screen, see_other
from contacts.crm import optout
from contacts.crm.forms import MailForm
from contacts.crm.mailing import Recipients, send
from contacts.crm.placeholders import PLACEHOLDERS
from contacts.crm.views import key_in
from contacts.formats import language_of
from contacts.models import Contact
from contacts.table import TABLE


def chosen_keys(params: QueryDict) -> list[int]:
    """Return the keys of contacts that `params` names as `contact` (or `pick`, as lists do), each once; what is no key is ignored."""
    texts = [*params.getlist("contact"), *params.getlist("pick")]
    keys = dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 20)
    return [key for key in keys if key <= LARGEST_ID]


def sent_sentence(sent: int, skipped: int) -> str:
    """Return how many messages there are and how many people get none, such as “2 messages, 1 skipped”."""
    found = ngettext("%(count)d message", "%(count)d messages", sent) % {"count": sent}
    return _("%(messages)s, %(skipped)d skipped") % {"messages": found, "skipped": skipped} if skipped else found


class WriteMail(Screen):
    """Write to the contacts of the address, `?contact=1&contact=2`, all of `?client=7`, or those picked in the list of all contacts;
    nothing is sent before Send."""

    right = Right.CRM_MAIL
    template_name = "crm/mail.html"
    recipients: Recipients

    def _keys(self) -> list[int]:
        posted = self.request.method == "POST"
        keys = chosen_keys(self.request.POST if posted else self.request.GET)
        if not posted and "all" in self.request.GET:
            matching = Selection.read(TABLE, self.request.GET, self.request.user).records.order_by("sort_key", "pk")
            keys += matching.values_list("pk", flat=True)[: settings.CRM_MAIL_LIMIT + 1]
        if not posted and (client := key_in(self.request.GET, "client")):
            of_client = Contact.objects.active().visible_to(self.request.user).filter(client=client)
            keys += of_client.values_list("pk", flat=True)[: settings.CRM_MAIL_LIMIT + 1]
        removed = key_in(self.request.POST, "remove")
        return [key for key in dict.fromkeys(keys) if key != removed]

    def context(self, **more) -> dict[str, object]:
        return super().context(
            recipients=self.recipients,
            placeholders=[(f"{{{name}}}", label) for name, label in PLACEHOLDERS.items()],
            sentence=sent_sentence(len(self.recipients.reached), len(self.recipients.skipped)),
            limit=settings.CRM_MAIL_LIMIT,
            **more,
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        self.recipients = Recipients(request.user, self._keys())
        return self.show(form=MailForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        self.recipients = Recipients(request.user, self._keys())
        form = MailForm(request.POST)
        if "begin" in request.POST:
            return self.show(form=form.begun())
        if "remove" in request.POST:
            return self.show(form=MailForm(initial={name: request.POST.get(name, "") for name in form.fields}))
        if not form.is_valid() or self.recipients.too_many:
            return self.show(422, form=form)
        if "send" not in request.POST:
            return self.show(form=form, preview=self._preview(form))
        if not self.recipients.reached:
            form.add_error(None, _("Nobody would get this e-mail. Choose other people."))
            return self.show(422, form=form)
        return self._send(form)

    def _preview(self, form: MailForm) -> dict[str, object] | None:
        """Return one message as its reader sees it, which one of how many, and who comes before and after."""
        reached = self.recipients.reached
        if not reached:
            return None
        at = min(max(key_in(self.request.POST, "preview"), 1), len(reached))
        message = self.recipients.message(reached[at - 1], form.cleaned_data["subject"], form.cleaned_data["text"])
        return {"message": message, "at": at, "before": at - 1, "after": at + 1 if at < len(reached) else 0, "count": len(reached)}

    def _send(self, form: MailForm) -> HttpResponse:
        sent = send(self.recipients, form.once, form.cleaned_data["subject"], form.cleaned_data["text"])
        if sent is None:
            messages.info(self.request, _("This e-mail was sent already. Nothing was sent twice."))
        else:
            said = sent_sentence(sent, len(self.recipients.skipped))
            messages.success(self.request, _("The e-mail is on its way: %(said)s.") % {"said": said})
        return see_other(self.request, self._done_url())

    def _done_url(self) -> str:
        found = self.recipients.found
        if len(found) == 1:
            return reverse("crm:of_contact", args=[found[0].pk])
        clients = {contact.client_id for contact in found}
        return reverse("crm:of_client", args=clients) if len(clients) == 1 else f"{reverse('crm:list')}?view=done"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop CRM e-mails by the link in one of them: looking changes nothing, the button or the mail program's own does (RFC 8058).

    Without a cookie of ours there is nothing that another site could make a reader do but what the link itself allows.
    """
    found = optout.read(token)
    if found is None:
        return render(request, "crm/stop_unknown.html", status=404)
    if found.contacts:
        translation.activate(language_of(found.contacts[0]))
    if request.method == "POST":
        found.stop()
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return see_other(request, request.path)
        # A mail program follows no redirect.
    return render(request, "crm/stop.html", {"stopped": found.stopped})
