"""The form behind the tab Preferences: language and formats of a client (XD12, XD14)."""

from clientdesk import preferences
from clientdesk.format_forms import FormatsForm
from clientdesk.models import Formats
from clients.models import ClientFormats


class ClientFormatsForm(FormatsForm):
    """The formats of one client; without values of its own the system's hold."""

    owner = "client"

    class Meta(FormatsForm.Meta):
        model = ClientFormats

    def style(self, formats: Formats | None, language: str) -> preferences.Style:
        return preferences.resolve(formats, language=language)
