"""What is handed in for a client: its documents (SD3)."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.documents import DocumentField


class DocumentForm(forms.Form):
    """One document; `required` are the names of those that the category asks for."""

    requirement = forms.ChoiceField(label=gettext_lazy("Document"), required=False)
    file = DocumentField(label=gettext_lazy("File"))

    def __init__(self, *args, required: list[str], **kwargs) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        field = self.fields["requirement"]
        field.choices = [("", _("Another document")), *((name, name) for name in required)]
        field.error_messages["invalid_choice"] = _("This document is not asked for any more. Choose another.")
        field.mark_optional = False
