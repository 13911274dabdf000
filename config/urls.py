"""Every address of the product, floor by floor."""

from django.urls import include, path

urlpatterns = [
    path("compte/", include("allauth.account.urls")),
    path("", include("recording.urls")),
    path("", include("cameras.urls")),
    path("", include("compliance.urls")),
]
