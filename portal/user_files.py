"""Portal users as a file."""

from django.utils.translation import gettext_lazy as _

from clientdesk.tables.plain import FileColumn, FileOf

# A row is a contact and its access, as `states.of_contacts` gives it.
PORTAL_USERS_FILE = FileOf(
    "access:export_portal_users",
    "portal-users",
    _("Portal users"),
    (
        FileColumn("user", _("Portal user"), lambda row: row[0].full_name),
        FileColumn("email", _("E-mail"), lambda row: row[0].email),
        FileColumn("client", _("Client"), lambda row: row[0].client.name),
        FileColumn("branch", _("Branch"), lambda row: row[0].client.branch.name),
        FileColumn("state", _("State"), lambda row: row[1].state.label),
        FileColumn("invited", _("Invited"), lambda row: row[0].access.invited_at),
        FileColumn("last_sign_in", _("Last sign-in"), lambda row: row[0].access.user.last_login),
    ),
)
