"""The forms of a quote: new, also after the pattern of another one, and change."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID, uuid4

from babel.numbers import is_currency
from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import TidyField
from clientdesk.forms import DeskForm
from clientdesk.inputs import DayField, MomentField, NumberField
from clientdesk.models import User
from clientdesk.rows import RowsField
from clients.models import Client
from jobs.budget_codes import ask_for_code
from jobs.item_forms import NOT_THE_CLIENTS, ItemForm
from jobs.models import Quote, QuoteLine

_VALID_FOR = timedelta(days=30)
MOST_LINES = 500


def lines_field() -> RowsField:
    """Return the field of the lines: what, how many, at which price, with which tax."""
    return RowsField(
        {
            "text": TidyField(label=gettext_lazy("Text"), max_length=500),
            "quantity": NumberField(label=gettext_lazy("Quantity"), min_value=0, max_digits=12, decimal_places=3),
            "unit": TidyField(label=gettext_lazy("Unit"), max_length=20, required=False),
            "unit_price": NumberField(label=gettext_lazy("Unit price"), max_digits=12, decimal_places=2),
            "tax_rate": NumberField(
                label=gettext_lazy("Tax, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
            ),
        },
        label=gettext_lazy("Lines"),
        help_text=gettext_lazy(
            "Without a tax rate a line is not taxed. A discount has a negative price. Empty a line to remove it. Up to 500 lines."
        ),
        add_label=gettext_lazy("Add line"),
        blank=2,
        most=MOST_LINES,
    )


class QuoteForm(ItemForm):
    """What both forms of a quote share."""

    expires_on = DayField(label=gettext_lazy("Offer expires on"), required=False, help_text=gettext_lazy("The last day to accept it."))
    deadline = MomentField(label=gettext_lazy("Deadline"), required=False, help_text=gettext_lazy("By when the work is delivered."))
    lines = lines_field()

    class Meta(DeskForm.Meta):
        model = Quote
        fields = (
            *("name", "client_reference", "budget_code", "contact", "office", "department", "currency", "expires_on", "deadline", "terms"),
            "internal_notes",
        )
        error_messages = {
            "name": {"required": gettext_lazy("Say in a few words what is offered.")},
            "contact": {"required": gettext_lazy("Choose the person whom the quote is for."), "invalid_choice": NOT_THE_CLIENTS},
            **{name: {"invalid_choice": NOT_THE_CLIENTS} for name in ("office", "department")},
        }
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("terms", "internal_notes")}

    def prepare(self) -> None:
        self.offer_people()
        self.offer_places()
        ask_for_code(self)
        self.fields["currency"].help_text = _("Three letters, such as EUR.")
        self.fields["terms"].help_text = _("Stands on the quote: what is included, how it is paid.")
        self.fields["internal_notes"].help_text = _("No client sees them.")
        whole = [Field(name, wrapper_class="full") for name in self.there("others")]
        self.form_layout = (
            Fieldset(
                _("What"),
                Row(Field("name", wrapper_class="full"), "client_reference", "currency", *self.there("budget_code")),
                css_class="part",
            ),
            Fieldset(_("For whom"), Row(*self.there("contact", "office", "department"), *whole), css_class="part"),
            Fieldset(_("What it costs"), Field("lines", wrapper_class="lines"), css_class="part"),
            Fieldset(_("Until when"), Row("expires_on", "deadline"), css_class="part"),
            Fieldset(_("Texts"), "terms", "internal_notes", css_class="part"),
            *self.there("key"),
        )

    def clean_currency(self) -> str:
        found = self.cleaned_data["currency"].upper()
        if not is_currency(found):
            raise ValidationError(_("“%(value)s” is no currency. Write three letters, such as EUR.") % {"value": found})
        return found

    def made_lines(self) -> list[QuoteLine]:
        """Return the lines as they were filled in, not saved yet."""
        rows = self.cleaned_data.get("lines", [])
        return [QuoteLine(**row | {"tax_rate": row["tax_rate"] or 0}).cleaned() for row in rows]


class NewQuoteForm(QuoteForm):
    """A new quote of a client; its details may be those of another quote of the client (“reuse details”, XD28)."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    places: ClassVar[dict[str, str]] = {"key": "name"}

    def __init__(self, posted: object = None, *, client: Client, pattern: Quote | None = None) -> None:
        self.pattern = pattern
        super().__init__(posted, instance=Quote(client=client, office=client.offices.filter(is_headquarters=True).first()))

    def extend(self) -> None:
        client, pattern = self.instance.client, self.pattern
        primary = client.contacts.active().filter(is_primary=True).first()
        self.initial.update({"key": uuid4(), "contact": primary and primary.pk, "department": primary and primary.department_id})
        self.initial["expires_on"] = timezone.localdate() + _VALID_FOR
        if pattern:
            head = ("name", "currency", "terms", "client_reference", "budget_code", "internal_notes")
            self.initial.update({name: getattr(pattern, name) for name in head})
            self.initial.update({"contact": pattern.contact_id, "office": pattern.office_id, "department": pattern.department_id})
            self.initial["others"] = list(pattern.links.values_list("contact_id", flat=True))
            self.initial["lines"] = shown_lines(pattern)

    def prepare(self) -> None:
        super().prepare()
        if not self.is_bound:
            self.fields["name"].widget.attrs["autofocus"] = True

    def clean_key(self) -> UUID | None:
        self.instance.key = self.cleaned_data["key"]
        return self.instance.key

    def save(self, commit: bool = True, *, by: User | None = None) -> Quote:
        """Make the quote."""
        self.instance.make(by, self.cleaned_data.get("others", ()), self.made_lines())
        return self.instance


class EditQuoteForm(QuoteForm):
    """A quote that the client was not told of yet."""

    def extend(self) -> None:
        super().extend()
        self.initial["lines"] = shown_lines(self.instance)

    def save(self, commit: bool = True, *, by: User | None = None) -> Quote:
        """Save the quote with its lines; its amounts follow from them."""
        quote = self.instance
        super().save(commit, by=by)
        if "others" in self.cleaned_data:
            quote.name_others(self.cleaned_data["others"])
        if "lines" in self.changed_data:
            quote.set_lines(self.made_lines())
        return quote


def shown_lines(quote: Quote) -> list[dict[str, str]]:
    """Return the lines of `quote` as rows of the form."""
    return [
        {
            "text": line.text,
            "quantity": f"{line.quantity.normalize():f}",
            "unit": line.unit,
            "unit_price": str(line.unit_price),
            "tax_rate": f"{line.tax_rate.normalize():f}" if line.tax_rate else "",
        }
        for line in quote.lines.all()
    ]
