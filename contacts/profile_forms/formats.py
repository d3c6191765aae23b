"""The form behind the tab Preferences: language and formats of a contact (X65 to X69, XD14)."""

from django.utils.translation import gettext_lazy

from clientdesk import preferences
from clientdesk.format_forms import FormatsForm
from clientdesk.models import Formats
from contacts.formats import style_with
from contacts.models import ContactFormats


class ContactFormatsForm(FormatsForm):
    """The formats of one contact; without values of its own the main account's hold: its client's, else the system's."""

    owner = "contact"
    main_label = gettext_lazy("Main account values")

    class Meta(FormatsForm.Meta):
        model = ContactFormats

    def style(self, formats: Formats | None, language: str) -> preferences.Style:
        return style_with(self.instance.contact, formats, language)
