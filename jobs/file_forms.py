"""The forms of files: what is handed in for an item."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.documents import DocumentField
from jobs.files import Kind
from jobs.item_forms import SmallForm
from jobs.models.quote import default_currency


class FileForm(SmallForm):
    """One file, and whether the client sees it in the portal."""

    file = DocumentField(label=gettext_lazy("File"))
    visible = forms.BooleanField(
        label=gettext_lazy("Visible in the portal"),
        required=False,
        help_text=gettext_lazy("Whoever sees the work there sees the file, too."),
    )

    def __init__(self, *args, kind: str = Kind.FILE, **kwargs) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if self.kind == Kind.DELIVERABLE:
            del self.fields["visible"]
            self.fields["file"].help_text += " " + _("The client sees it once you release it.")

    @property
    def more(self) -> dict[str, object]:
        """What belongs to the document beside its file."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class InvoiceForm(FileForm):
    """An invoice: its file, its number and its amount as they stand on it (decision 15)."""

    number = forms.CharField(label=gettext_lazy("Invoice number"), max_length=50, required=False)
    amount = forms.DecimalField(label=gettext_lazy("Amount"), max_digits=12, decimal_places=2, required=False)
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, min_length=3, required=False)

    def prepare(self) -> None:
        del self.fields["visible"]
        self.fields["file"].help_text += " " + _("The client sees it once you send it.")
        self.fields["currency"].help_text = _("Three letters, such as EUR.")
        self.fields["currency"].initial = default_currency()

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()
