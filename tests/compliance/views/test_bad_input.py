"""What nobody should send: refused in French with a 4xx, nothing written, what was typed still on the page."""

import html
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from compliance.models import Document, Head, Installation, Person
from compliance.views import acts
from compliance.views.acts import last_act
from tests.compliance.actions.test_document import a_pdf, opens_with
from tests.compliance.views.answers import CASES, day

HUGE = 200 << 20


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.pdf", content)


BAD: dict[str, tuple[str, dict[str, Any], str]] = {
    "dates reversed": ("arrete", {"ends_on": day(-30)}, "La fin ne peut précéder le début"),
    "an impossible date": ("arrete", {"signed_on": "2026-02-30"}, "Écrivez la date ainsi : 19/11/2026."),
    "more than a month": ("arrete", {"retention_days": "45"}, "45 jours dépassent un mois"),
    "an order without positions": ("arrete", {"positions": []}, "Cochez au moins une réponse."),
    "a file of another type": ("arrete", {"document": file(b"MZ\x90 a program")}, "Ce fichier n’est pas un PDF"),
    "a script in a PDF": (
        "arrete", {"document": file(a_pdf(opens_with("/JavaScript", JS="app.alert(1)")))}, "contient un script",
    ),
    "an agent whom nobody knows": ("habilitation", {"person": "PM-99"}, "Ce choix n’est plus proposé"),
}  # fmt: skip


def written() -> tuple[int, int]:
    """Return how many entries the journal has, and how many documents are kept."""
    return Head.objects.values_list("seq", flat=True).get(), Document.objects.count()


def plain(answer: Any) -> str:
    """Return a page's words, with ordinary spaces."""
    return html.unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_answer_is_refused_in_words_and_nothing_is_written(
    place: Installation, signed_in: Any, fault: str
) -> None:
    slug, changes, words = BAD[fault]
    login, prepare, given = CASES[slug]
    prepare(place)
    answers = given() | changes
    before = written()

    answer = signed_in(login).post(reverse("act", args=["VALCLAIR", slug]), answers)

    assert answer.status_code == 422
    assert words in plain(answer)
    assert written() == before
    kept = next(v for k, v in answers.items() if isinstance(v, str) and k not in changes and not k.endswith("_on"))
    assert kept in plain(answer), "what was typed is still there"


def test_two_hundred_megabytes_are_refused_and_never_kept(
    signed_in: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    sparse = tmp_path / "huge"
    with sparse.open("wb") as made:
        made.write(b"%PDF-")
        made.truncate(HUGE)
    kept, real = [], acts.Draft.keep

    def keep(draft: acts.Draft, answers: QueryDict, files: Any) -> None:
        with sparse.open("rb") as content:
            real(draft, answers, {"document": UploadedFile(content, "huge.pdf", size=HUGE)})
        kept.extend(path.stat().st_size for path in draft.folder.glob("file-*"))

    monkeypatch.setattr(acts.Draft, "keep", keep)
    before = written()

    answer = signed_in("liaison").post(reverse("act", args=["VALCLAIR", "engagement"]), CASES["engagement"][2]())

    assert answer.status_code == 422
    assert "Le fichier dépasse 20 Mo." in plain(answer)
    assert max(kept) < settings.UPLOAD_LIMIT + (1 << 20)
    assert written() == before


def test_a_text_with_html_is_a_text(place: Installation, signed_in: Any) -> None:
    browser: Client = signed_in("maire")
    name = "<script>alert(1)</script><b>gras</b>"
    sent = browser.post(reverse("act", args=["VALCLAIR", "personne"]), {**CASES["personne"][2](), "name": name})
    pages = [browser.get(sent["Location"])]
    browser.post(sent["Location"], {"vu": str(last_act(place)), "confirme": "oui"})
    pages += [browser.get(reverse("person", args=["PM-09"])), browser.get(reverse("journal"))]

    assert Person.objects.get(code="PM-09").name == name
    for page in pages:
        assert page.status_code == 200
        assert "alert(1)</script>" not in page.content.decode()
    assert html.escape(name) in pages[1].content.decode()


def test_a_form_overtaken_by_another_act_is_said_and_writes_nothing(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    checking = browser.post(reverse("act", args=["VALCLAIR", "engagement"]), CASES["engagement"][2]())["Location"]
    before = written()

    stale = browser.post(checking, {"vu": str(last_act(place) - 1)})

    assert stale.status_code == 409
    assert "Quelqu’un a écrit au dossier depuis." in plain(stale)
    assert written() == before
