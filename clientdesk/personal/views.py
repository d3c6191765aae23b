"""The pages about one person's data: the dossier, its erasure, a legal hold. Clients and contacts say which record and where."""

import json
from datetime import timedelta
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import SuccessorField, speak
from clientdesk.models import Change
from clientdesk.personal import holds
from clientdesk.personal.erasing import erase, finish, refusal
from clientdesk.personal.subject import Held, Subject, dossier, person
from clientdesk.rights import Right
from clientdesk.views import Screen, see_other
from clientdesk.words import name_key

# So long the dossier that was asked for stays open; then it is asked for, and noted, again.
OPEN_FOR = timedelta(hours=1)


class OfPerson(Screen):
    """A page about the data of the person that a record is."""

    base_template: ClassVar[str]
    namespace: ClassVar[str]
    record: Model

    def find(self, lock: bool = False) -> Model:
        """Return the record of the address, its row locked where `lock` is set. Raises Http404 for one that who asks may not see."""
        raise NotImplementedError

    def frame(self) -> dict[str, object]:
        """Return what the base template of the record shows."""
        raise NotImplementedError

    def pseudonym(self) -> str:
        """Return the name that stands for the person once erased."""
        raise NotImplementedError

    def why_no_person(self) -> str:
        """Return why the record is no person, or an empty text."""
        return ""

    def subject(self) -> Subject:
        """Return the person."""
        return person(self.record, self.pseudonym())

    def url(self, name: str) -> str:
        """Return the address of the page `name` of this record."""
        return reverse(f"{self.namespace}:{name}", args=[self.record.pk])

    def context(self, **more) -> dict[str, object]:
        place = {"base_template": self.base_template, "record": self.record, "record_url": self.record.get_absolute_url()}
        return super().context(**self.frame() | place | more)


class Dossier(OfPerson):
    """Everything held about the person; asking for it is noted in the history, by a button, because looking changes nothing (V16)."""

    right = Right.DOSSIER
    template_name = "personal/dossier.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.record = self.find()
        if reason := self.why_no_person():
            return self.show(reason=reason, **self.instead())
        if not self._is_open():
            return self.show()
        made, tables = timezone.now(), dossier(self.subject())
        if request.GET.get("format") == "json":
            return self._download(tables)
        return self.show(tables=tables, made=made, asked=request.GET["asked"])

    def instead(self) -> dict[str, object]:
        """Return what is shown of a record that is no person."""
        return {}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.record = self.find()
        if self.why_no_person():
            return see_other(request, self.url("dossier"))
        change = Change.objects.create(
            content_type=ContentType.objects.get_for_model(type(self.record)),
            object_pk=str(self.record.pk),
            object_id=self.record.pk,
            object_repr=str(self.record),
            action=Change.Action.ACCESS,
            changes={},
        )
        return see_other(request, f"{self.url('dossier')}?asked={change.pk}")

    def _is_open(self) -> bool:
        asked = self.request.GET.get("asked", "")
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
            return False
        kind = ContentType.objects.get_for_model(type(self.record))
        mine = Change.objects.filter(pk=int(asked), content_type=kind, object_id=self.record.pk, actor=self.request.user.pk)
        return mine.filter(action=Change.Action.ACCESS, timestamp__gt=timezone.now() - OPEN_FOR).exists()

    def _download(self, tables: list[Held]) -> HttpResponse:
        about = {
            "person": str(self.record),
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "made_by": str(self.request.user),
            "held": {table.key: {"title": table.title, "rows": [dict(row) for row in table.rows]} for table in tables},
        }
        text = json.dumps(about, ensure_ascii=False, indent=2)
        named = f"dossier-{self.namespace}-{self.record.pk}.json"
        return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{named}"'})


class EraseForm(forms.Form):
    """Typing the number or name proves that this person is meant; a primary contact names who follows."""

    typed = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    successor = SuccessorField()

    def __init__(self, *args, wanted: str, label: str, successors: list[Model], **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.wanted, self.fields["typed"].label = wanted, label
        if successors:
            self.fields["successor"].offer(successors)
        else:
            del self.fields["successor"]
        for field in self.fields.values():
            speak(field)
        self.fields["typed"].error_messages["required"] = _("Type “%(wanted)s” to erase.") % {"wanted": wanted}

    def clean_typed(self) -> str:
        typed = self.cleaned_data["typed"]
        if name_key(typed) != name_key(self.wanted):
            raise ValidationError(
                _("“%(typed)s” is not “%(wanted)s”. Type it as it stands here.") % {"typed": typed, "wanted": self.wanted}
            )
        return typed


class Erase(OfPerson):
    """Erase the personal data of the person (XD1): what goes, what stays, and a number or name to type."""

    right = Right.ERASE
    template_name = "personal/erase.html"

    def wanted(self) -> tuple[str, str]:
        """Return what has to be typed, and the label of the field."""
        raise NotImplementedError

    def successors(self) -> list[Model]:
        """Return who can be the primary contact afterwards; none where nobody has to be named."""
        return []

    def hand_over(self, successor: int | None) -> None:
        """Let the contact with the key `successor` follow before the data go."""

    def refused(self) -> str:
        """Return why the data cannot be erased, or an empty text."""
        return self.why_no_person() or refusal(self.subject())

    def form(self, posted=None) -> EraseForm:
        """Return the form, bound to `posted` where given."""
        wanted, label = self.wanted()
        return EraseForm(posted, wanted=wanted, label=label, successors=self.successors())

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.record = self.find()
        if self.record.erased_at or (reason := self.refused()):
            return self.show(reason="" if self.record.erased_at else reason)
        return self.show(form=self.form(), tables=dossier(self.subject()), wanted=self.wanted()[0])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.record = self.find(lock=True)
        if self.record.erased_at:
            # Pressed twice, or once more after a process died: what it left behind goes now.
            transaction.on_commit(lambda: finish(self.record))
            messages.info(request, _("These personal data were erased before."))
            return see_other(request, self.record.get_absolute_url())
        if reason := self.refused():
            return self.show(422, reason=reason)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(422, form=form, tables=dossier(self.subject()), wanted=self.wanted()[0])
        subject = self.subject()
        self.hand_over(form.cleaned_data.get("successor"))
        erase(subject, request.user)
        messages.success(
            request, _("The personal data were erased. %(name)s stands for the person from now on.") % {"name": subject.pseudonym}
        )
        return see_other(request, self.record.get_absolute_url())


class HoldForm(forms.Form):
    """Why the data must be kept."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        speak(self.fields["reason"])

    def clean_reason(self) -> str:
        return self.cleaned_data["reason"].replace("\x00", "").strip()


class Hold(OfPerson):
    """Place a legal hold, or see the one in place with its reason and author."""

    right = Right.HOLD
    template_name = "personal/hold.html"

    def context(self, **more) -> dict[str, object]:
        kept = {"own": holds.own(self.record), "hold": holds.in_force(self.record), "lift_url": self.url("lift_hold")}
        return super().context(**kept | more)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.record = self.find()
        return self.show(form=HoldForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.record = self.find(lock=True)
        form = HoldForm(request.POST)
        if form.is_valid():
            try:
                holds.place(self.record, request.user, form.cleaned_data["reason"])
            except ValidationError as error:
                form.add_error("reason", error)
        if form.errors:
            return self.show(422, form=form)
        messages.success(request, _("The legal hold is in place."))
        return see_other(request, self.record.get_absolute_url())


class LiftHold(OfPerson):
    """Lift the legal hold of the record."""

    right = Right.HOLD

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.record = self.find(lock=True)
        if holds.lift(self.record, request.user):
            messages.success(request, _("The legal hold was lifted."))
        else:
            messages.info(request, _("There was no legal hold any more."))
        return see_other(request, self.record.get_absolute_url())
