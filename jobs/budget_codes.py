"""Budget codes of clients on work: one of the client's codes, demanded where the client demands it (XD4)."""

from django import forms
from django.utils.translation import gettext as _

from clientdesk.fields import TidyField, speak
from clientdesk.forms import DeskForm
from clients.models import Client
from jobs.models import Item


def codes_of(client: Client) -> list[str]:
    """Return the budget codes of `client`, each once, as they were written."""
    lines = (" ".join(line.split()) for line in client.budget_codes.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def ask_for_code(form: DeskForm) -> None:
    """Let the field `budget_code` of `form` offer the codes of the item's client; without any it takes one as text, where the client
    demands one, and is left out else.

    New work must carry a code where the client demands it, and what carries one keeps one.
    """
    item: Item = form.instance
    codes, demanded = codes_of(item.client), item.client.budget_code_required
    if item.budget_code and item.budget_code not in codes:
        codes = [item.budget_code, *codes] if codes else codes
    if not (codes or demanded or item.budget_code):
        del form.fields["budget_code"]
        return
    required = demanded and (not item.pk or bool(item.budget_code))
    said = {"required": _("Give the budget code: nothing is ordered for %(client)s without one.") % {"client": item.client.legal_name}}
    if codes:
        choices = [("", _("Choose a budget code") if required else _("None")), *((code, code) for code in codes)]
        said["invalid_choice"] = _("“%(value)s” is no budget code of the client any more. Choose another.")
        field: forms.Field = forms.ChoiceField(label=_("Budget code"), choices=choices, required=required, error_messages=said)
    else:
        field = TidyField(label=_("Budget code"), max_length=200, required=required, error_messages=said)
    speak(field)
    field.error_messages |= said
    form.fields["budget_code"] = field
