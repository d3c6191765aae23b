"""The logo of a branch (XD36): seen by all staff, handed in and removed in the settings."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clientdesk import pictures
from clientdesk.fields import speak
from clientdesk.rights import Right, needs
from clientdesk.views import Screen
from clients.models import Branch


class LogoForm(forms.Form):
    """One picture."""

    picture = pictures.PictureField(label=gettext_lazy("Logo"), square=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        speak(self.fields["picture"])


class ChangeLogo(Screen):
    """Hand in the logo of a branch; a former one is deleted."""

    right = Right.SETTINGS
    template_name = "settings/logo.html"

    def context(self, **more) -> dict[str, object]:
        branch = get_object_or_404(Branch, pk=self.kwargs["pk"])
        return super().context(record=branch, back_url=_edit_url(branch), **more)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(form=LogoForm(label_suffix=""))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        branch = get_object_or_404(Branch.objects.select_for_update(), pk=pk)
        form = LogoForm(request.POST, request.FILES, label_suffix="")
        if not form.is_valid():
            return self.show(422, form=form)
        former, branch.logo = branch.logo.name, pictures.keep(form.cleaned_data["picture"], "branches")
        branch.save(update_fields=["logo"])
        pictures.forget(former)
        messages.success(request, _("The logo of %(branch)s was saved.") % {"branch": branch})
        return HttpResponseRedirect(_edit_url(branch), status=303)


@needs(Right.VIEW)
@require_GET
def logo(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the logo of a branch, small with `?size=small`; without one 404."""
    return pictures.serve(get_object_or_404(Branch, pk=pk).logo, small=request.GET.get("size") == "small")


@needs(Right.SETTINGS)
@require_POST
def remove_logo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the logo from a branch."""
    branch = get_object_or_404(Branch.objects.select_for_update(), pk=pk)
    if former := branch.logo.name:
        branch.logo = ""
        branch.save(update_fields=["logo"])
        pictures.forget(former)
        messages.success(request, _("The logo of %(branch)s was removed.") % {"branch": branch})
    return HttpResponseRedirect(_edit_url(branch), status=303)


def _edit_url(branch: Branch) -> str:
    return reverse("settings:edit", args=["branches", branch.pk])
