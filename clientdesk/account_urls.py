"""The account area: of allauth only what is used, under names of ours in the address bar; all else is our own."""

from allauth.account import views as allauth_views
from django.urls import include, path

from clientdesk import account_views, factor_views, security_views

own = [
    path("forgot-password/", account_views.forgot, name="forgot"),
    path("forgot-password/sent/", account_views.forgot_done, name="forgot_done"),
    path("link/<str:token>/", account_views.look, name="link"),
    path("set-password/", account_views.set_password, name="set_password"),
    path("new-link/", account_views.new_link, name="new_link"),
    path("new-address/", security_views.confirm_address, name="confirm_address"),
    path("sign-in/passkey/", factor_views.passkey_alone, name="passkey"),
    # Only for who is signed in (AreaMiddleware): the own account, of staff and contacts alike.
    path("security/", security_views.security, name="security"),
    path("security/set-up/", factor_views.set_up, name="set_up"),
    path("security/app/", factor_views.add_app, name="add_app"),
    path("security/passkey/", factor_views.add_passkey, name="add_passkey"),
    path("security/factors/<int:pk>/rename/", factor_views.rename, name="rename_passkey"),
    path("security/factors/<int:pk>/remove/", factor_views.remove, name="remove_factor"),
    path("security/codes/", factor_views.codes, name="codes"),
    path("security/codes/renew/", factor_views.renew_codes, name="renew_codes"),
    path("security/password/", security_views.change_password, name="password"),
    path("security/address/", security_views.change_address, name="address"),
    path("security/address/withdraw/", security_views.withdraw_address, name="withdraw_address"),
    path("security/sessions/<int:pk>/end/", security_views.end_session, name="end_session"),
    path("security/sessions/end-others/", security_views.end_others, name="end_others"),
]

urlpatterns = [
    path("sign-in/", account_views.sign_in, name="account_login"),
    path("sign-in/second-factor/", factor_views.second_factor, name="mfa_authenticate"),
    path("confirm-code/", factor_views.ask_code, name="mfa_reauthenticate"),
    path("confirm-passkey/", factor_views.ask_passkey, name="mfa_reauthenticate_webauthn"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("confirm-password/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("", include((own, "account"))),
]
