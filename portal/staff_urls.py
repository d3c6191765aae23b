"""What staff do about a contact's access; the addresses read on from those of contacts and clients."""

from django.urls import path

from portal import account_views, bulk_views, client_views, staff_user_views, staff_views

app_name = "access"
urlpatterns = [
    path("contacts/<int:pk>/account/", account_views.Account.as_view(), name="account"),
    path("contacts/<int:pk>/account/edit/", account_views.EditAccount.as_view(), name="edit_account"),
    path("contacts/<int:pk>/withdraw/", account_views.withdraw, name="withdraw"),
    path("contacts/<int:pk>/sign-out/", account_views.sign_out, name="sign_out"),
    path("clients/<int:pk>/portal-rights/", client_views.ClientRights.as_view(), name="client_rights"),
    path("clients/<int:pk>/portal-rights/edit/", client_views.EditClientRights.as_view(), name="edit_client_rights"),
    path("contacts/<int:pk>/invite/", staff_views.invite, name="invite"),
    path("contacts/<int:pk>/send-reset/", staff_views.send_reset, name="send_reset"),
    path("contacts/invite/", bulk_views.BulkInvite.as_view(page="contacts"), name="bulk_invite"),
    path("clients/invite/", bulk_views.BulkInvite.as_view(page="clients"), name="bulk_invite_primary"),
    path("invitations/<int:pk>/", bulk_views.InviteRun.as_view(), name="invite_run"),
    path("settings/portal-rights/", client_views.DefaultRights.as_view(), name="default_rights"),
    path("contacts/<int:pk>/withdraw-address/", staff_views.withdraw_address, name="withdraw_address"),
    path("contacts/<int:pk>/remove-second-factor/", staff_views.remove_factors, name="remove_factors"),
    path("settings/portal-users/", staff_user_views.PortalUsers.as_view(), name="portal_users"),
    path("settings/portal-users/export/", staff_user_views.ExportPortalUsers.as_view(), name="export_portal_users"),
    path("clients/<int:pk>/invite/", staff_views.invite_primary, name="invite_primary"),
]
