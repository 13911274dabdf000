"""Addresses of this floor: the dossier, its acts, its journal, its texts."""

from django.urls import URLPattern, URLResolver, path

from compliance.views import (
    acts,
    changes,
    documents,
    home,
    installation,
    instants,
    invitation,
    journal,
    law,
    notice,
    papers,
    people,
    position,
    search,
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("installations/<str:code>/", installation.installation, name="installation"),
    path("installations/<str:code>/porte/", instants.installation, name="installation_instant"),
    path("installations/<str:code>/actes/<slug:slug>/", acts.act, name="act"),
    path("installations/<str:code>/actes/<slug:slug>/verifier/<str:token>/", acts.check, name="act_check"),
    path("installations/<str:code>/actes/<slug:slug>/fait/<str:token>/", acts.done, name="act_done"),
    path("installations/<str:code>/changements/", changes.changes, name="changes"),
    path("installations/<str:code>/documents/", papers.papers, name="papers"),
    path("installations/<str:code>/documents/editer/<slug:slug>/", papers.ask, name="paper_ask"),
    path("installations/<str:code>/documents/edition/<uuid:pk>/", papers.batch, name="paper_batch"),
    path("information/<str:code>/", notice.notice, name="notice"),
    path("positions/", installation.positions, name="positions"),
    path("positions/<str:code>/", position.position, name="position"),
    path("positions/<str:code>/porte/", instants.position, name="position_instant"),
    path("invitation/", invitation.choose, name="invitation_choose"),
    path("invitation/<str:token>/", invitation.follow, name="invitation"),
    path("personnes/", people.people, name="people"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("journal/", journal.entries, name="journal"),
    path("journal/verifier/", journal.verify, name="journal_verify"),
    path("journal/<int:seq>/", journal.entry, name="journal_entry"),
    path("recherche/", search.search, name="search"),
    path("loi/", law.texts_applied, name="law"),
]
