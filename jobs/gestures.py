"""Steps of a machine as pages: one asks where there is something to say, a POST does it; what somebody did meanwhile is told (409)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from clientdesk.models import User
from clientdesk.rights import Right
from clientdesk.views import Screen, see_other
from jobs.models import Item
from jobs.steps import Gesture


@dataclass(frozen=True)
class Asked:
    """How a gesture is asked for: the form, the act with what was filled in, and what the page says beforehand."""

    form: Callable[..., forms.Form]
    act: Callable[[Any, User, dict], object]
    says: Callable[[Any], str]


class ItemGesture(Screen):
    """One step of the machine of a quote or a project. What is sent carries the version of the item that the person saw."""

    right = Right.CHANGE
    template_name = "jobs/item_gesture.html"
    asked: ClassVar[dict[str, Asked]] = {}
    gesture: str = ""

    def queryset(self) -> QuerySet:
        """Return the items that the person may see, with what the page says of them."""
        raise NotImplementedError

    def more(self, item: Item) -> dict[str, object]:
        """Return what the page of this gesture shows besides."""
        return {}

    def _step(self, item: Item) -> Gesture:
        return item.MACHINE.gestures[self.gesture]

    def _shown(self, item: Item, form: forms.Form, status: int = 200, refused: str = "") -> HttpResponse:
        ask = self.asked[self.gesture]
        step = self._step(item)
        offered = item.status in step.origins
        said = ask.says(item) if offered else ""
        context = {"item": item, "form": form, "gesture": step, "offered": offered, "says": said, "refused": refused}
        return self.show(status, **context | self.more(item))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = get_object_or_404(self.queryset(), pk=pk)
        return self._shown(item, self.asked[self.gesture].form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = get_object_or_404(self.queryset().select_for_update(of=("self",)), pk=pk)
        form = self.asked[self.gesture].form(request.POST)
        if request.POST.get("version", "") != str(item.version):
            return self._shown(item, form, 409)
        if not form.is_valid():
            return self._shown(item, form, 422)
        return self._act(item, form)

    def _act(self, item: Item, form: forms.Form) -> HttpResponse:
        step = self._step(item)
        try:
            self.asked[self.gesture].act(item, self.request.user, form.cleaned_data)
        except ValidationError as error:
            return self._shown(get_object_or_404(self.queryset(), pk=item.pk), form, 422, error.messages[0])
        messages.success(self.request, str(step.said) % {"item": item.number})
        return see_other(self.request, item.get_absolute_url())
