"""The specimen pages: every component with made-up content, no database. Only tests and the eye use them."""

from datetime import timedelta
from types import SimpleNamespace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Row, Submit
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

NAMES = [
    "Aalto Medical",
    "Brauer Antriebe",
    "Cascade Instruments",
    "Delmare Shipping",
    "Elena Kovács",
    "Fjordkraft Offshore",
    "Grünwald Pharma",
    "Hartmann & Voss",
    "Ibérica Turismo",
    "Jonas Weber",
    "Kestrel Aviation",
    "Lumen Diagnostics",
    "شركة النور للترجمة",
    "Extraordinarily Long Named Holding Company of Northern and Southern Districts With Subsidiaries in Many Places 1",
    "北京语言服务",
    "Orsay Éditions",
]
PRIVATE = {"Elena Kovács", "Jonas Weber"}
PORTAL = ["active", "invited", "active", "invite", "active", "none", "active", "no-email", "removed", "invite", "bounced", "active"]


def _clients() -> list[dict]:
    rows = []
    for number, name in enumerate(NAMES):
        kind = "individual" if name in PRIVATE else "corporate"
        rows.append(
            {
                "pk": number + 3,
                "name": name,
                "kind": kind,
                "status": ["active", "active", "potential", "inactive"][number % 4 if number % 3 else 0],
                "portal": PORTAL[number % len(PORTAL)],
                "category": "Healthcare",
                "branch": "Stockholm",
                "country": "FI",
            }
        )
    return rows


class ControlsForm(forms.Form):
    """Every kind of control, once."""

    name = forms.CharField(label="Name", help_text="Internal, never shown to the client. No special characters.")
    legal_name = forms.CharField(label="Legal name", help_text="As printed on quotes, projects and invoices.")
    email = forms.EmailField(label="Main contact e-mail")
    country = forms.ChoiceField(
        label="Country of registration", required=False, choices=[("", "None"), ("DE", "Germany"), ("FR", "France")]
    )
    branch = forms.ChoiceField(label="Branch", required=False, choices=[("1", "Berlin"), ("2", "Lisbon")])
    individual = forms.BooleanField(
        label="Individual", required=False, help_text="A person, not a company. A contact person is created from these data."
    )
    empty = forms.ChoiceField(
        label="Empty cells", widget=forms.RadioSelect, choices=[("keep", "Keep the saved value"), ("clear", "Empty the saved value")]
    )
    offices = forms.MultipleChoiceField(
        label="Offices",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("1", "Berlin HQ"), ("2", "Leipzig plant")],
        help_text="Where this person works.",
    )
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    photo = forms.FileField(label="Photo", required=False)
    number = forms.CharField(label="Client number", required=False, widget=forms.TextInput(attrs={"readonly": True}))
    locked = forms.CharField(label="Category", required=False, disabled=True)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)

    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        "version",
        "individual",
        Row("name", "legal_name", Field("email", wrapper_class="full"), "country", "branch"),
        Fieldset("More", Row("empty", "offices"), "note", Row("photo", "number", "locked")),
        Submit("save", "Add client"),
    )

    def clean(self) -> None:
        raise forms.ValidationError("The client was changed since you opened this page.")

    def clean_name(self) -> None:
        raise forms.ValidationError("A client named “Brauer Antriebe” exists already (C-00114)")


class ContactForm(forms.Form):
    """The form of the dialog."""

    first_name = forms.CharField(label="First name", widget=forms.TextInput(attrs={"autofocus": True}))
    last_name = forms.CharField(label="Last name")
    email = forms.EmailField(label="E-mail", required=False, help_text="Needed to invite this person to the portal.")
    primary = forms.BooleanField(label="Make primary contact", required=False, help_text="Replaces Anna Lindholm.")
    helper = FormHelper()
    helper.layout = Layout(Row("first_name", "last_name", Field("email", wrapper_class="full"), Field("primary", wrapper_class="full")))


class PasswordForm(forms.Form):
    """The form of an invitation."""

    email = forms.EmailField(
        label="E-mail", initial="j.stadler@gruenwald.example", widget=forms.EmailInput(attrs={"readonly": True, "autocomplete": "username"})
    )
    password = forms.CharField(
        label="New password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 15 characters. A short sentence works well.",
    )


class UploadForm(forms.Form):
    """The form of the import's first step."""

    file = forms.FileField(label="Spreadsheet")


def _form(request: HttpRequest, form: type[forms.Form]) -> forms.Form:
    broken = {"email": "info@brauer", "version": "3", "name": "Brauer Antriebe"}
    return form(request.POST) if request.method == "POST" else form(broken) if "errors" in request.GET else form()


PEOPLE = [
    SimpleNamespace(
        pk=2,
        name="Anna Lindholm",
        position="Head of regulatory, Berlin HQ",
        email="anna.lindholm@gruenwald.example",
        phone="+49 30 5550 142",
        portal="active",
        primary=True,
    ),
    SimpleNamespace(
        pk=8,
        name="Matthias Orth",
        position="Plant documentation, Leipzig",
        email="m.orth@gruenwald.example",
        phone="",
        portal="active",
        primary=False,
    ),
    SimpleNamespace(
        pk=11,
        name="Julia Stadler",
        position="Office manager, Vienna",
        email="a-very-long-address-that-does-not-fit@gruenwald-pharma.example",
        phone="+43 1 555 2071",
        portal="invited",
        primary=False,
    ),
    SimpleNamespace(pk=5, name="عمر الخطيب", position="", email="", phone="", portal="none", primary=False),
]
STEPS = [{"label": label, "url": "#" if number < 2 else ""} for number, label in enumerate(["Upload", "Review", "Import mode", "Result"])]
VERSUS = [
    {"label": "Legal name", "mine": "Brauer & Söhne Antriebe GmbH", "theirs": "Brauer Antriebe GmbH", "differs": True},
    {"label": "Phone", "mine": "", "theirs": "+49 711 555 0120", "differs": True},
    {"label": "Country", "mine": "Germany", "theirs": "Germany", "differs": False},
]
FORMS = {"add-client": ControlsForm, "add-contact": ContactForm, "invitation": PasswordForm, "import-upload": UploadForm, "staff": None}


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Render the specimen page `name`; `?errors` shows its form with errors, `?messages` the notices of the frame."""
    now = timezone.now()
    context = {
        "clients": _clients(),
        "client": {"pk": 3, "name": "Grünwald Pharma", "kind": "corporate", "status": "active"},
        "people": PEOPLE,
        "person": PEOPLE[0],
        "steps": STEPS,
        "rows": VERSUS,
        "now": now,
        "yesterday": now - timedelta(days=1),
        "week": now - timedelta(days=4),
        "old": now - timedelta(days=300),
        "page": {"count_text": "1 to 16 of 1,238", "next_url": "?after=16", "previous_url": ""},
        "frame": request.GET.get("frame", "base.html"),
    }
    if "messages" in request.GET:
        context["messages"] = [
            Message(constants.SUCCESS, "Anna Lindholm was invited. The link works until 24 November 2026, 08:55."),
            Message(constants.WARNING, "The e-mail address was not checked."),
            Message(constants.ERROR, "Nothing was sent."),
            Message(constants.INFO, "For your information."),
        ]
    status = 200
    if FORMS.get(name):
        context["form"] = _form(request, FORMS[name])
        status = 422 if context["form"].errors else 200
        if request.method == "POST" and status == 200:
            return (
                HttpResponse(status=204, headers={"HX-Redirect": "/specimen/contacts/"})
                if request.headers.get("HX-Request")
                else HttpResponse(status=303, headers={"Location": "/specimen/contacts/"})
            )
    template = f"{name}.html" if name.isdecimal() else f"specimen/{name}.html"
    return render(request, template, context, status=status)
