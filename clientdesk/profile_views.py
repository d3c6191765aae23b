"""Pages of the person who is signed in to the back office: the search results, their own profile."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clientdesk import preferences
from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rights import Right, needs
from clientdesk.search import search, words
from clientdesk.views import EditPage, Screen, wants_part, way_back

# So many records of each kind stand on the page of results, and under the field while somebody types.
LISTED, SUGGESTED = 10, 5
THEMES = dict(User._meta.get_field("theme").flatchoices)


class Search(Screen):
    """Everything that the words of `q` find, by kind of record (X31); for script the first of it, to be chosen while typing."""

    right = Right.VIEW
    template_name = "clientdesk_pages/search.html"
    part = "suggestions"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = " ".join(request.GET.get("q", "")[:200].replace("\x00", " ").split())
        groups = search(text, request.user, SUGGESTED if wants_part(request) else LISTED)
        count = sum(len(group.found) for group in groups)
        return self.show(search_text=text, groups=groups, count=count, asked=bool(words(text)))


class ProfileForm(DeskForm):
    """A staff user's own name, theme and keys; the address and the role are an administrator's to change."""

    class Meta(DeskForm.Meta):
        model = User
        fields = ("first_name", "last_name", "time_zone", "first_weekday", "theme", "keys_on")
        widgets = {"theme": forms.RadioSelect}
        help_texts = {"keys_on": gettext_lazy("Such as “/” for the search field and “?” for the list of keys.")}

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)
    first_weekday = forms.TypedChoiceField(label=gettext_lazy("First day of the week"), required=False, coerce=int, empty_value=None)
    form_layout = ("first_name", "last_name", "time_zone", "first_weekday", "theme", "keys_on")

    def prepare(self) -> None:
        self.fields["last_name"].required = True
        self.fields["theme"].choices = list(THEMES.items())
        main = preferences.resolve()
        zones = [(name, name.replace("_", " ")) for name in preferences.zones()]
        self.fields["time_zone"].choices = [("", _("As the main value: %(value)s") % {"value": main.time_zone}), *zones]
        days = list(preferences.WEEKDAYS.items())
        first = preferences.WEEKDAYS[main.first_weekday]
        self.fields["first_weekday"].choices = [("", _("As the main value: %(value)s") % {"value": first}), *days]
        for name in ("theme", "time_zone", "first_weekday"):
            self.fields[name].mark_optional = False


class Profile(EditPage):
    """The signed-in person's own settings."""

    right = Right.VIEW
    form_class = ProfileForm
    template_name = "clientdesk_pages/profile.html"

    def queryset(self) -> QuerySet:
        return User.objects.staff()

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, pk=request.user.pk)

    def done_url(self) -> str:
        return reverse("profile")


@needs(Right.VIEW)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme chosen in the user menu and return to the page it was chosen on; an unknown theme changes nothing."""
    user, wanted = User.objects.get(pk=request.user.pk), request.POST.get("theme", "")
    if wanted in THEMES:
        user.theme = wanted
        user.save(update_fields=["theme"])
    else:
        messages.warning(request, _("There is no such theme."))
    return HttpResponseRedirect(way_back(request, reverse("profile")))
