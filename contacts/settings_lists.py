"""The settings lists that describe contacts."""

from django.utils.translation import gettext_lazy as _

from clientdesk.forms import DeskForm
from clients.settings_forms import FLAGS, EntryForm
from clients.settings_list import SettingsList
from contacts.models import Position, SocialNetwork


class PositionForm(EntryForm):
    list_name = "positions"

    class Meta(DeskForm.Meta):
        model = Position
        fields = ("name", *FLAGS)

    form_layout = ("name", *FLAGS)


class SocialNetworkForm(EntryForm):
    """A social network; beginning and end of its addresses lead to the web only (XD16)."""

    list_name = "social-networks"

    class Meta(DeskForm.Meta):
        model = SocialNetwork
        fields = ("name", "prefix", "suffix", *FLAGS)
        help_texts = {
            "prefix": _("What stands before the name of an account, such as https://www.linkedin.com/in/"),
            "suffix": _("What stands after it. Mostly nothing."),
        }

    form_layout = ("name", "prefix", "suffix", *FLAGS)


POSITIONS = SettingsList(
    form=PositionForm,
    title=_("Positions"),
    text=_("What contacts do at the client."),
    add=_("Add position"),
    save=_("Save position"),
    icon="briefcase",
)
SOCIAL_NETWORKS = SettingsList(
    form=SocialNetworkForm,
    title=_("Social networks"),
    text=_("Where contacts can be met, and how the addresses of their accounts look."),
    add=_("Add social network"),
    save=_("Save social network"),
    icon="share-2",
    columns=((_("Address of an account"), lambda entry: entry.address_of("name")),),
)
