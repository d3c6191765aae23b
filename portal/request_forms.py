"""What a contact fills in to request a quote or a job, and to hand in a file (8.4, XD24, XD30).

Where it is for follows the contact's access level: its default office, or one of its offices where it sees more than that one.
"""

from collections.abc import Iterable
from datetime import datetime, time
from typing import ClassVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.documents import MOST_BYTES, DocumentField
from clientdesk.forms import DeskForm
from clientdesk.inputs import DayField
from clientdesk.models import User
from contacts.formats import style_of
from contacts.models import Office
from jobs.budget_codes import ask_for_code
from jobs.models import Item, Job, JobType, Origin, Quote
from portal import notices
from portal.models import ContactAccess, Level
from portal.rights import Right

MOST_FILES = 10
_WIDER = (Level.DEPARTMENT, Level.ALL_OFFICES)


def offices_for(access: ContactAccess) -> QuerySet[Office]:
    """Return for which offices the contact of `access` may request something (8.4): its default office, or any of its own where its
    level reaches further."""
    contact = access.contact
    if access.level in _WIDER:
        return contact.offices.filter(active=True).order_by("-is_headquarters", "name")
    return Office.objects.filter(pk__in=[contact.default_office_id], active=True)


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


def _limits() -> str:
    return _("Up to %(count)d files, at most %(size)s together.") % {"count": MOST_FILES, "size": filesizeformat(MOST_BYTES)}


class FilesField(DocumentField):
    """Up to ten files, together no larger than one may be; cleaned it is a list, empty where none was chosen."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"widget": _SeveralFiles, "required": False} | kwargs))
        self.help_text = lazy(_limits, str)()

    def clean(self, data: object, initial: object = None) -> list[UploadedFile]:
        sent = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if self.required and not sent:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(sent) > MOST_FILES:
            raise ValidationError(_("These are %(count)d files. Choose at most %(most)d.") % {"count": len(sent), "most": MOST_FILES})
        found = [super(FilesField, self).clean(one, initial) for one in sent]
        if sum(one.size for one in found) > self.most:
            raise ValidationError(_("Together these files are larger than %(most)s. Choose fewer.") % {"most": filesizeformat(self.most)})
        return found


class _RequestForm(DeskForm):
    """What both requests share. The contact is who asks; client and department are the contact's, never posted."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    attachments = FilesField(label=gettext_lazy("Files"))

    def __init__(self, posted: object = None, files: object = None, *, access: ContactAccess) -> None:
        self.access = access
        contact = access.contact
        head = {"client": contact.client, "contact": contact, "department": contact.department, "office": contact.default_office}
        super().__init__(posted, files, instance=self._meta.model(**head))

    def extend(self) -> None:
        self.initial["key"] = uuid4()

    def prepare(self) -> None:
        ask_for_code(self)
        offices = offices_for(self.access)
        self.fields["office"].queryset = offices
        self.fields["office"].empty_label = None
        self.fields["office"].error_messages["invalid_choice"] = _("You cannot ask for this office. Choose one that is offered.")
        if len(offices) < 2:
            # Nothing to choose; what may be asked for is checked when it is sent.
            del self.fields["office"]
        if not self.access.may(Right.FILES_ADD):
            del self.fields["attachments"]

    def clean_key(self) -> UUID | None:
        self.instance.key = self.cleaned_data["key"]
        return self.instance.key

    def clean(self) -> dict[str, object]:
        found = super().clean() or self.cleaned_data
        if "office" not in self.fields:
            office = offices_for(self.access).first()
            if office is None:
                raise ValidationError(_("You have no office of your company to ask for. Tell us, and we set it up."))
            self.instance.office = office
        return found

    def _there(self, *names: str) -> Iterable[str]:
        return [name for name in names if name in self.fields]


class QuoteRequestForm(_RequestForm):
    """A quote that a contact wants (XD24)."""

    wanted_on = DayField(label=gettext_lazy("Needed by"), required=False)
    places: ClassVar[dict[str, str]] = {"key": "name"}

    def begin_as(self, former: Quote) -> None:
        """Begin with the details of a `former` quote (XD28)."""
        self.initial.update({name: getattr(former, name) for name in ("name", "client_notes", "client_reference", "budget_code")})
        if "office" in self.fields and self.fields["office"].queryset.filter(pk=former.office_id).exists():
            self.initial["office"] = former.office_id

    class Meta(DeskForm.Meta):
        model = Quote
        fields = ("name", "client_notes", "office", "client_reference", "budget_code")
        labels = {
            "name": gettext_lazy("What is it about?"),
            "client_notes": gettext_lazy("What do you need?"),
            "client_reference": gettext_lazy("Your reference"),
        }
        error_messages = {"name": {"required": gettext_lazy("Say in a few words what the quote is about.")}}
        widgets = {"client_notes": forms.Textarea(attrs={"rows": 7})}

    def prepare(self) -> None:
        super().prepare()
        self.instance.origin = Origin.PORTAL
        main = Row(*self._there("wanted_on", "client_reference", "budget_code", "office"))
        self.form_layout = (Field("name"), "client_notes", main, *self._there("attachments"), "key")

    def clean_wanted_on(self) -> object:
        """Set the deadline: the end of that day where the contact is."""
        if day := self.cleaned_data["wanted_on"]:
            zone = ZoneInfo(style_of(self.access.contact).time_zone)
            self.instance.deadline = datetime.combine(day, time(23, 59), zone)
        return day

    def save(self, commit: bool = True, *, by: User | None = None) -> Item:
        """Make the quote; it starts Requested."""
        self.instance.make(by)
        return self.instance


class JobRequestForm(_RequestForm):
    """A job that a contact wants; without an address of its own it is done at the office."""

    places: ClassVar[dict[str, str]] = {"key": "subject"}

    class Meta(DeskForm.Meta):
        model = Job
        fields = (
            *("subject", "description", "priority", "job_type", "budget_code", "office", "contact_phone"),
            *("street", "postal_code", "city"),
        )
        labels = {"subject": gettext_lazy("What is to be done?"), "job_type": gettext_lazy("Kind of work")}
        error_messages = {"subject": {"required": gettext_lazy("Say in a few words what is to be done.")}}
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}

    def extend(self) -> None:
        super().extend()
        contact = self.access.contact
        self.initial["contact_phone"] = contact.phone or contact.mobile or contact.client.phone
        self.initial["job_type"] = JobType.default_key()

    def prepare(self) -> None:
        super().prepare()
        client = self.access.contact.client
        self.accept_local_phones(client.country or client.branch.country)
        self.fields["job_type"].queryset = JobType.objects.filter(active=True)
        self.fields["job_type"].empty_label = _("I do not know")
        self.fields["street"].help_text = _("Leave the address blank where it is that of your office.")
        where = Row(*self._there("office", "contact_phone"), Field("street", wrapper_class="full"), "postal_code", "city")
        self.form_layout = (
            Fieldset(
                _("What"),
                "subject",
                "description",
                Row("priority", "job_type", *self._there("budget_code")),
                *self._there("attachments"),
                css_class="part",
            ),
            Fieldset(_("Where"), where, css_class="part"),
            "key",
        )

    def save(self, commit: bool = True, *, by: User | None = None) -> Item:
        """Log the job as a request; its clock starts."""
        job = self.instance
        place = job.office if job.office.has_address else job.client
        if not (job.street or job.city):
            for name in ("street", "street2", "postal_code", "city", "province"):
                setattr(job, name, getattr(place, name))
        job.country = place.country or job.client.country
        job.log(by, requested=True)
        return job


class EditRequestForm(DeskForm):
    """A job as the client asked for it; it is changed as long as nobody took it up (JD7)."""

    class Meta(DeskForm.Meta):
        model = Job
        fields = ("subject", "description", "priority", "job_type", "contact_phone", "street", "postal_code", "city")
        labels = JobRequestForm.Meta.labels
        error_messages = JobRequestForm.Meta.error_messages
        widgets = JobRequestForm.Meta.widgets

    form_layout = (
        Fieldset(gettext_lazy("What"), "subject", "description", Row("priority", "job_type"), css_class="part"),
        Fieldset(
            gettext_lazy("Where"), Row("contact_phone", Field("street", wrapper_class="full"), "postal_code", "city"), css_class="part"
        ),
    )

    def prepare(self) -> None:
        job = self.instance
        self.accept_local_phones(job.client.country or job.client.branch.country)
        self.fields["job_type"].queryset = JobType.objects.filter(Q(active=True) | Q(pk=job.job_type_id))
        self.fields["job_type"].empty_label = _("I do not know")

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the request and tell who is responsible; another priority times its clock anew from when it started."""
        self.instance.time()
        job = super().save(commit, by=by)
        notices.tell_staff(self.instance, notices.CHANGED, by)
        return job


class AddFilesForm(forms.Form):
    """Files for an item that is there already."""

    attachments = FilesField(label=gettext_lazy("Files"), required=True)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class ReplaceFileForm(forms.Form):
    """The file that takes the place of another."""

    file = DocumentField(label=gettext_lazy("New file"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
