"""The account area: of allauth only what is used, under names of ours in the address bar; all else is our own."""

from allauth.account import views as allauth_views
from django.urls import include, path

from clientdesk import account_views

own = [
    path("forgot-password/", account_views.forgot, name="forgot"),
    path("forgot-password/sent/", account_views.forgot_done, name="forgot_done"),
    path("link/<str:token>/", account_views.look, name="link"),
    path("set-password/", account_views.set_password, name="set_password"),
    path("new-link/", account_views.new_link, name="new_link"),
]

urlpatterns = [
    path("sign-in/", account_views.sign_in, name="account_login"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("confirm-password/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("", include((own, "account"))),
]
