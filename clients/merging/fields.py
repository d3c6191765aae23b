"""The fields of two clients side by side: which differ, what each choice would leave, and the values that a choice gives the winner."""

import json
from collections.abc import Iterable, Mapping

from django.db.models import BooleanField, DateField, Field, FileField, ForeignKey
from django.utils.formats import date_format, number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from clientdesk.countries import country_name
from clientdesk.words import search_key
from clients.merging.shape import BOTH, LOSER, WINNER, Question
from clients.models import Client, CustomField

_ADDRESS = ("street", "street2", "postal_code", "city", "province", "country")
# One choice each, in the order of the page; several columns that only make sense together are one choice.
_SINGLE = (
    *("name", "legal_name", "status", "email", "phone", "mobile", "sms_enabled", "fax", "website", "branch", "category", "company_type"),
    *("tax_number", "contract_number", "external_id", "photo", "language", "lead_source", "first_contact_on"),
    *("sales_person", "project_manager", "restricted_to_responsible", "budget_code_required", "cc_contact_emails", "no_crm_emails"),
)
_TOGETHER = {
    "address": _ADDRESS,
    "post_address": ("use_billing_address", *(f"post_{name}" for name in _ADDRESS)),
    "revenue": ("potential_annual_revenue", "potential_annual_revenue_on"),
}
_TEXTS = ("notes", "sales_notes", "budget_codes")
_LISTS = {"more_emails": "address", "more_phones": "number", "more_websites": "url", "more_tax_numbers": "number"}
# The main value that was not chosen joins the list of the others of its kind.
_MAIN = {
    "more_emails": ("email", lambda value: {"address": value, "cc": False}),
    "more_phones": ("phone", lambda value: {"number": value, "note": ""}),
    "more_websites": ("website", lambda value: {"url": value}),
}
# True is what keeps data and people more to themselves.
_CAREFUL = ("restricted_to_responsible", "no_crm_emails")


def questions(winner: Client, loser: Client) -> list[Question]:
    """Return a question for everything of the clients themselves that differs."""
    found = [_single(winner, loser, name) for name in _SINGLE]
    found += [_together(winner, loser, name, columns) for name, columns in _TOGETHER.items()]
    found += [_text(winner, loser, name) for name in _TEXTS]
    found += [_list(winner, loser, name) for name in _LISTS]
    found += _custom(winner, loser)
    return [question for question in found if question]


def values(winner: Client, loser: Client, choices: Mapping[str, str]) -> dict[str, object]:
    """Return what `winner` gets by `choices`, by name of the column."""
    found: dict[str, object] = {}
    for question in questions(winner, loser):
        chosen = choices.get(question.name, question.chosen)
        if question.name in _TOGETHER and chosen == LOSER:
            found |= {name: getattr(loser, name) for name in _TOGETHER[question.name]}
        elif question.name in _SINGLE and chosen == LOSER:
            found[question.name] = getattr(loser, question.name)
        elif question.name in _TEXTS and chosen != WINNER:
            found[question.name] = _joined(winner, loser, question.name) if chosen == BOTH else getattr(loser, question.name)
        elif question.name in _LISTS and chosen == LOSER:
            found[question.name] = getattr(loser, question.name)
    for name in _LISTS:
        if choices.get(name, BOTH) == BOTH and (united := _united(winner, loser, name, found)) != getattr(winner, name):
            found[name] = united
    custom = _united_custom(winner, loser, choices)
    return found | ({"custom": custom} if custom != winner.custom else {})


# --- questions ------------------------------------------------------------------------------------
def _single(winner: Client, loser: Client, name: str) -> Question | None:
    column = Client._meta.get_field(name)
    mine, theirs = (column.value_from_object(client) for client in (winner, loser))
    if str(mine or "") == str(theirs or ""):
        return None
    chosen = LOSER if not mine and theirs and (name in _CAREFUL or not isinstance(column, BooleanField)) else WINNER
    return Question(name, _label(column), {WINNER: shown(column, winner), LOSER: shown(column, loser)}, chosen)


def _together(winner: Client, loser: Client, name: str, columns: tuple[str, ...]) -> Question | None:
    label = {"address": _("Billing address"), "post_address": _("Correspondence address"), "revenue": _("Potential annual revenue")}[name]
    told = [[client._meta.get_field(column).value_from_object(client) for column in columns] for client in (winner, loser)]
    if told[0] == told[1]:
        return None
    texts = [_lines(client, columns) for client in (winner, loser)]
    if texts[0] == texts[1]:
        return None
    filled = [
        any(value for column, value in zip(columns, values, strict=True) if not column.endswith(("country", "address"))) for values in told
    ]
    bare = not filled[0] and filled[1] and (not told[0][-1] or told[0][-1] == told[1][-1])
    return Question(name, label, {WINNER: texts[0], LOSER: texts[1]}, LOSER if bare else WINNER)


def _text(winner: Client, loser: Client, name: str) -> Question | None:
    mine, theirs = getattr(winner, name).strip(), getattr(loser, name).strip()
    if mine == theirs:
        return None
    options = {WINNER: Truncator(mine).chars(300), LOSER: Truncator(theirs).chars(300)}
    fits = len(_joined(winner, loser, name)) <= (Client._meta.get_field(name).max_length or 0)
    if mine and theirs and fits:
        options[BOTH] = _("Both, one below the other")
    return Question(name, _label(Client._meta.get_field(name)), options, BOTH if BOTH in options else WINNER if mine else LOSER)


def _list(winner: Client, loser: Client, name: str) -> Question | None:
    mine, theirs = getattr(winner, name), getattr(loser, name)
    if _keys(mine, name) == _keys(theirs, name):
        return None
    options = {WINNER: _entries(mine, name), LOSER: _entries(theirs, name), BOTH: _("All of them, each once")}
    return Question(name, _label(Client._meta.get_field(name)), options, BOTH)


def _custom(winner: Client, loser: Client) -> list[Question]:
    mine, theirs = winner.custom, loser.custom
    labels = dict(CustomField.objects.filter(entity="client").values_list("key", "label")) if mine or theirs else {}
    return [
        Question(
            f"custom-{key}",
            labels.get(key, key),
            {WINNER: _plain(mine.get(key)), LOSER: _plain(theirs.get(key))},
            LOSER if mine.get(key) in (None, "", []) else WINNER,
        )
        for key in sorted({*mine, *theirs}, key=lambda key: labels.get(key, key))
        if mine.get(key) != theirs.get(key)
    ]


# --- values ---------------------------------------------------------------------------------------
def _united_custom(winner: Client, loser: Client, choices: Mapping[str, str]) -> dict[str, object]:
    united = dict(winner.custom)
    for question in _custom(winner, loser):
        key = question.name.removeprefix("custom-")
        if choices.get(question.name, question.chosen) == LOSER:
            united.pop(key, None)
            united |= {key: loser.custom[key]} if key in loser.custom else {}
    return united


def _united(winner: Client, loser: Client, name: str, chosen: Mapping[str, object]) -> list:
    entries = [*getattr(winner, name), *getattr(loser, name)]
    main, made = _MAIN.get(name, ("", None))
    stays = str(chosen.get(main, getattr(winner, main)) or "") if main else ""
    if made and getattr(winner, main) and getattr(loser, main):
        entries += [made(str(getattr(client, main))) for client in (winner, loser)]
    seen, united = {search_key(stays)}, []
    for entry in entries:
        if (key := _key(entry, name)) not in seen:
            seen.add(key)
            united.append(entry)
    return united


def _joined(winner: Client, loser: Client, name: str) -> str:
    mine, theirs = getattr(winner, name).strip(), getattr(loser, name).strip()
    return (
        mine
        if theirs in mine
        else f"{mine}\n\n{theirs}"
        if name != "budget_codes"
        else "\n".join(dict.fromkeys(f"{mine}\n{theirs}".splitlines()))
    )


def _key(entry: object, name: str) -> str:
    told = entry.get(_LISTS[name]) if isinstance(entry, dict) else entry
    return search_key(str(told)) if told else json.dumps(entry, sort_keys=True)


def _keys(entries: Iterable, name: str) -> set[str]:
    return {_key(entry, name) for entry in entries}


# --- words ----------------------------------------------------------------------------------------
def _label(column: Field) -> str:
    text = str(column.verbose_name)
    return text[:1].upper() + text[1:]


def shown(column: Field, client: Client) -> str:
    """Return the value of `column` of `client` as a person reads it."""
    value = getattr(client, column.name)
    if isinstance(column, BooleanField):
        return _("Yes") if value else _("No")
    if value in (None, ""):
        return ""
    if isinstance(column, FileField):
        return _("The picture of %(client)s") % {"client": client} if value else ""
    if isinstance(column, ForeignKey):
        return str(value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, DateField):
        return date_format(value, "DATE_FORMAT")
    return getattr(value, "as_international", "") or str(value)


def _lines(client: Client, columns: tuple[str, ...]) -> str:
    if client.use_billing_address and columns[0] == "use_billing_address":
        return _("Same as the billing address")
    told = []
    for name in columns:
        value = getattr(client, name)
        if name.endswith("country"):
            told.append(country_name(value) if value else "")
        elif name == "potential_annual_revenue":
            told.append(number_format(value, force_grouping=True) if value is not None else "")
        elif name != "use_billing_address":
            told.append(shown(Client._meta.get_field(name), client))
    return "\n".join(line for line in told if line)


def _entries(entries: Iterable, name: str) -> str:
    return "\n".join(str(entry.get(_LISTS[name], "")) if isinstance(entry, dict) else str(entry) for entry in entries)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
