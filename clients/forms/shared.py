"""What the forms of a client share: words, hints, and the error of a name that is taken."""

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clients.models import Client, same_name_error, same_name_sentence

HINTS: dict[str, Promise] = {
    "name": gettext_lazy("Internal, never shown to the client. No special characters."),
    "legal_name": gettext_lazy("As printed on quotes, projects and invoices."),
}
MISSING = {
    "name": {"required": gettext_lazy("Enter a name for the client.")},
    "legal_name": {"required": gettext_lazy("Enter the legal name of the client.")},
    "email": {"required": gettext_lazy("Enter the e-mail address of the main contact, such as info@brauer.example")},
}
LABELS = {"country": gettext_lazy("Country of registration")}


class ClientForm(DeskForm):
    """What both forms of a client share: a duplicate name links the client that has it (X7), for who may see that one (XD33)."""

    places = {"name_key": "name"}

    def _update_errors(self, errors: ValidationError) -> None:
        found = getattr(errors, "error_dict", {})
        if "name_key" in found and (other := Client.objects.named(self.instance.name).exclude(pk=self.instance.pk).first()):
            # The name was free when clean() looked and is taken now: another request was quicker.
            found["name"] = [*found.get("name", []), same_name_error(other)]
            del found["name_key"]
        for error in found.get("name", []):
            other = (error.params or {}).get("client")
            if isinstance(other, Client):
                error.message, error.params = same_name_sentence(other, self.user), None
                if other.is_visible_to(self.user):
                    error.message = format_html('{} <a href="{}">{}</a>', error.message, other.get_absolute_url(), _("Open it"))
        super()._update_errors(errors)
