"""What staff do about a contact's access; the addresses read on from those of contacts and clients."""

from django.urls import path

from jobs.models import Job, Project, Quote
from portal import account_views, bulk_views, client_views, staff_user_views, staff_views, viewing_views
from portal.reach_views import REACH, Reach, Viewers, Why

app_name = "access"
urlpatterns = [
    path("contacts/<int:pk>/account/", account_views.Account.as_view(), name="account"),
    path("contacts/<int:pk>/account/edit/", account_views.EditAccount.as_view(), name="edit_account"),
    path("contacts/access-levels/", account_views.LevelsGuide.as_view(), name="levels"),
    path("contacts/<int:pk>/withdraw/", account_views.withdraw, name="withdraw"),
    path("contacts/<int:pk>/sign-out/", account_views.sign_out, name="sign_out"),
    path("clients/<int:pk>/portal-rights/", client_views.ClientRights.as_view(), name="client_rights"),
    path("clients/<int:pk>/portal-rights/edit/", client_views.EditClientRights.as_view(), name="edit_client_rights"),
    path("contacts/<int:pk>/invite/", staff_views.invite, name="invite"),
    path("contacts/<int:pk>/send-reset/", staff_views.send_reset, name="send_reset"),
    path("contacts/<int:pk>/reach/", Reach.as_view(), name="reach_quotes"),
    path("contacts/<int:pk>/reach/projects/", Reach.as_view(spec=REACH[Project]), name="reach_projects"),
    path("contacts/<int:pk>/reach/jobs/", Reach.as_view(spec=REACH[Job]), name="reach_jobs"),
    path("contacts/<int:pk>/why/", Why.as_view(), name="why"),
    path("contacts/<int:pk>/view-portal/", viewing_views.begin, name="view_portal"),
    path("contacts/<int:pk>/view-portal/end/", viewing_views.end, name="end_view"),
    path("quotes/<int:pk>/who-sees/", Viewers.as_view(model=Quote), name="quote_viewers"),
    path("projects/<int:pk>/who-sees/", Viewers.as_view(model=Project), name="project_viewers"),
    path("jobs/<int:pk>/who-sees/", Viewers.as_view(model=Job), name="job_viewers"),
    path("contacts/invite/", bulk_views.BulkInvite.as_view(page="contacts"), name="bulk_invite"),
    path("clients/invite/", bulk_views.BulkInvite.as_view(page="clients"), name="bulk_invite_primary"),
    path("invitations/<int:pk>/", bulk_views.InviteRun.as_view(), name="invite_run"),
    path("settings/portal-rights/", client_views.DefaultRights.as_view(), name="default_rights"),
    path("contacts/<int:pk>/withdraw-address/", staff_views.withdraw_address, name="withdraw_address"),
    path("contacts/<int:pk>/remove-second-factor/", account_views.RemoveFactors.as_view(), name="remove_factors"),
    path("settings/portal-users/", staff_user_views.PortalUsers.as_view(), name="portal_users"),
    path("settings/portal-users/export/", staff_user_views.ExportPortalUsers.as_view(), name="export_portal_users"),
    path("clients/<int:pk>/invite/", staff_views.invite_primary, name="invite_primary"),
]
