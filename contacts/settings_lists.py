"""The settings lists that describe contacts."""

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.forms import DeskForm
from clients.settings_forms import FLAGS, EntryForm
from clients.settings_list import SettingsList
from contacts.crm.placeholders import PLACEHOLDERS
from contacts.models import MailTemplate, Position, SocialNetwork


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


class MailTemplateForm(EntryForm):
    """A text that CRM e-mails begin with; its placeholders are those of the e-mail itself."""

    list_name = "crm-templates"

    class Meta(DeskForm.Meta):
        model = MailTemplate
        fields = ("name", "subject", "text", *FLAGS)
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    form_layout = ("name", "subject", "text", *FLAGS)

    def prepare(self) -> None:
        super().prepare()
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        self.fields["name"].help_text = _g("By which it is chosen; its readers do not see it.")
        self.fields["text"].help_text = _g("Each message gets the values of its reader in the place of %(known)s.") % {"known": known}


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
CRM_TEMPLATES = SettingsList(
    form=MailTemplateForm,
    title=_("CRM e-mail templates"),
    text=_("What CRM e-mails begin with. Whoever writes one can change it before it leaves."),
    add=_("Add template"),
    save=_("Save template"),
    icon="mail",
    columns=((_("Subject"), lambda entry: entry.subject),),
)
