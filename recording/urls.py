"""Addresses of this floor: the live room, the health of the recording."""

from django.urls import URLPattern, URLResolver, path

from recording.views import health, hour, live, probe

urlpatterns: list[URLPattern | URLResolver] = [
    path("sante/", health.health, name="health"),
    path("sante/positions/<str:code>/", health.position, name="health_position"),
    path("sante/heure/", hour.hour, name="hour"),
    path("positions/<str:code>/essai/", probe.probe, name="probe"),
    path("direct/", live.choose, name="live"),
    path("direct/<str:number>/", live.room, name="live_room"),
    path("direct/<str:number>/fin/", live.end, name="live_end"),
    path("direct/<str:number>/flux/", live.stream, name="live_stream"),
]
