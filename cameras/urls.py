"""Addresses of this floor: the devices as machines."""

from django.urls import URLPattern, URLResolver, path

from cameras.views import address

urlpatterns: list[URLPattern | URLResolver] = [
    path("positions/<str:code>/appareil/", address.camera, name="camera"),
]
