"""Every address of the product, floor by floor."""

from allauth.account import views as account
from django.urls import include, path
from django.views.i18n import set_language

from compliance.views.refused import told

# Only the account pages in use: nobody signs up, and there is no e-mail to confirm.
urlpatterns = [
    path("compte/login/", told(account.login), name="account_login"),
    path("compte/logout/", account.logout, name="account_logout"),
    path("compte/inactif/", account.account_inactive, name="account_inactive"),
    path("compte/inscription/", account.signup, name="account_signup"),
    path("compte/mot-de-passe/", told(account.password_change), name="account_change_password"),
    path("compte/confirmer/", told(account.reauthenticate), name="account_reauthenticate"),
    path("langue/", set_language, name="set_language"),
    path("", include("recording.urls")),
    path("", include("cameras.urls")),
    path("", include("compliance.urls")),
]
