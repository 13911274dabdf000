"""Each kind of paper: what it says, what it lacks, that it is conformant, and that no field can speak for it."""

import html as entities
import io
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from django.test import override_settings

from compliance.actions import dossier, habilitation, people, position
from compliance.actions.habilitation import Title
from compliance.documents import KINDS, Subject, Unwritable, make
from compliance.documents.base import cleaned, html
from compliance.events import System
from compliance.law.terms import Action, Category
from compliance.models import Authority, Contact, Habilitation, Installation, Panel, Person, Position
from tests.compliance.documents.conftest import AT, SAMPLES

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.database]
SNAPSHOTS = Path(__file__).parent / "snapshots"
About = Callable[..., Subject]
HOSTILE = (
    "</title></style></p><script>alert(1)</script><link rel=attachment href=file:///etc/passwd>"
    "<img src=http://127.0.0.1:9/x><object data=file:///etc/hostname></object>"
    "<style>@import url(http://127.0.0.1:9/y);p{background:url(file:///etc/passwd)}</style>\x00\x1b\u202e{{ a }}"
)


def text_of(kind: str, subject: Subject) -> str:
    """Return the words of a paper: no markup, ordinary spaces, one line per block."""
    found = KINDS[kind]
    page_ = html(found, cleaned(found.context(subject, at=found.spoken_at(subject))))
    body = page_[page_.index("<body") :]
    lines = re.sub(r"<(?:/?(?:p|h\d|li|tr|div|dl|section|table|ul|br)\b[^>]*)>", "\n", body)
    words = entities.unescape(re.sub(r"<[^>]+>", " ", lines)).replace("\u00ad", "")
    words = re.sub(r"\b[0-9a-f]{64}\b", "EMPREINTE", words)
    said = "\n".join(line for raw in words.splitlines() if (line := re.sub(r"\s+", " ", raw).strip())) + "\n"
    # The journal's own numbers depend on how long the story is.
    return re.sub(r"Entrée \d+|^\d+(?= \d+ juin)", "ENTRÉE", said, flags=re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_what_it_said(kind: str, subject: About, looked: None) -> None:
    """After a change that was meant: `UPDATE_SNAPSHOTS=1` writes them again, and the difference is read."""
    code, given = SAMPLES[kind]
    kept = SNAPSHOTS / f"{kind}.txt"

    said = text_of(kind, subject(code, **given))

    if os.environ.get("UPDATE_SNAPSHOTS"):
        kept.write_text(said)
    assert said == kept.read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_conformant_and_the_same_to_the_byte(kind: str, subject: About, looked: None) -> None:
    code, given = SAMPLES[kind]

    first, again = (make(KINDS[kind], subject(code, **given)) for _ in range(2))

    report = page.validate_pdf_bytes(first.content, profile="ua1")
    assert report.is_compliant, [f.message for f in report.failures]
    assert first.content == again.content
    assert first.context == again.context
    assert first.complete


def hostile_town(place: Installation) -> None:
    """Write the hostile text in every field that a paper reads."""
    Authority.objects.filter(pk=place.authority_id).update(name=HOSTILE[:200])
    Installation.objects.filter(pk=place.pk).update(name=HOSTILE[:200])
    Position.objects.update(address=HOSTILE[:200])
    Person.objects.update(name=HOSTILE[:120], function=HOSTILE[:120])
    Panel.objects.update(place=HOSTILE[:200])
    Habilitation.objects.update(act=HOSTILE[:120])
    Contact.objects.update(
        address=HOSTILE[:200], phone=HOSTILE[:40], email=HOSTILE[:80], dpo=HOSTILE[:200], prefecture=HOSTILE[:120]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_text_stays_a_text(kind: str, subject: About, looked: None, place: Installation) -> None:
    code, given = SAMPLES[kind]
    hostile_town(place)
    place.refresh_from_db()
    answers = {name: HOSTILE if name in ("registration", "training", "number") else v for name, v in given.items()}

    paper = make(KINDS[kind], subject(code, **answers))

    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        assert not pdf.attachments
        assert "/Names" not in pdf.Root or "/EmbeddedFiles" not in pdf.Root.Names
        assert "/OpenAction" not in pdf.Root
        assert not [a for sheet in pdf.pages for a in sheet.get("/Annots", [])]
    assert b"root:" not in paper.content
    report = page.validate_pdf_bytes(paper.content, profile="ua1")
    assert report.is_compliant, [f.message for f in report.failures]


# --- the panel ------------------------------------------------------------------------------------------------------
def test_a_panel_names_functions_and_never_a_person_nor_a_right_to_object(subject: About) -> None:
    said = text_of("panneau", subject("P-03"))

    assert "Personne fictive" not in said
    assert "opposition" not in said
    for words in ("commune de Valclair-sur-Moselle", "(1°)", "15 jours au plus", "dpd@", "CNIL", "R253-6", "P-03"):
        assert words in said


def test_a_panel_lacks_what_nobody_told_and_stays_a_draft(subject: About) -> None:
    Contact.objects.all().delete()

    with override_settings(PUBLIC_URL=""):
        context = KINDS["panneau"].context(subject("P-03"), at=AT)
        said = text_of("panneau", subject("P-03"))

    assert context["lacking"] == [
        "adresse de la mairie",
        "téléphone de la mairie",
        "coordonnées du délégué à la protection des données",
        "adresse publique du site",
    ]
    assert said.count("[À COMPLÉTER]") == 5
    assert "Brouillon : à ne pas afficher" in said


def test_a_position_without_a_panel_may_have_one_made(place: Installation, subject: About) -> None:
    offered = [choice.code for choice in KINDS["panneau"].choices(place, AT)]

    assert offered == ["P-01", "P-02", "P-03", "P-04", "P-05", "VAL-07"]
    assert "régulation des flux de transport (3°)" in text_of("panneau", subject("VAL-07"))


def test_an_order_suspended_or_over_authorises_nothing_on_a_panel(subject: About) -> None:
    context = KINDS["panneau"].context(subject("P-05"), at=AT)

    assert context["purposes"] == context["order"] == ""
    assert "arrêté du préfet" in context["lacking"]


def test_every_purpose_and_the_longest_words_stay_on_one_page(place: Installation, subject: About) -> None:
    held = Position.objects.get(code="VAL-02")
    held.lines.get().order.__class__.objects.update(purposes=list(range(1, 12)))
    held.declarations.update(purposes=list(range(1, 12)))
    Contact.objects.update(address="A" + " rue" * 49, dpo="d" * 60 + " dpd" * 30, phone="0" * 40)
    Authority.objects.update(name="Commune " + "longue " * 24)
    place.refresh_from_db()

    paper = make(KINDS["panneau"], subject("P-03"))

    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        assert len(pdf.pages) == 1


def test_a_panel_of_nothing_known_is_refused(subject: About) -> None:
    with pytest.raises(Unwritable, match="P-99"):
        KINDS["panneau"].context(subject("P-99"), at=AT)


# --- the habilitation -----------------------------------------------------------------------------------------------
def test_the_mayor_is_not_offered_an_act(place: Installation) -> None:
    assert "MAI" not in {choice.code for choice in KINDS["habilitation"].choices(place, AT)}


def test_someone_without_a_title_gets_a_draft_to_fill_in(subject: About) -> None:
    context = KINDS["habilitation"].context(subject("DPD"), at=AT)

    assert "catégorie de l’article R253-3" in context["lacking"]
    assert context["state"].startswith("Brouillon du 18")


@pytest.mark.parametrize(
    ("category", "visa", "what"),
    [
        (Category.COMMUNAL_AGENT, "CSI L132-14-1", "l’agrément du préfet"),
        (Category.DELEGATE, "CSI R253-3", "la délégation du maire"),
    ],
)
def test_a_category_that_asks_another_act_cites_it(
    place: Installation, subject: About, category: Category, visa: str, what: str
) -> None:
    person, day = Person.objects.get(code="SEC"), AT.date()
    told: dict[str, Any] = {"installation": place, "at": AT, "by": System.CONSOLE}
    title = Title(
        category=category, act="n° 8", signatory="mayor", signed_on=day, starts_on=day, ends_on=None,
        actions=(Action.WATCH,), positions=(Position.objects.get(code="VAL-01"),),
    )  # fmt: skip
    habilitation.habilitate(person, title=title, **told)
    assert KINDS["habilitation"].context(subject("SEC"), at=AT)["ground"]["said"] == ""
    habilitation.record_agreement(person, number="AG-7", signed_on=day, starts_on=day, ends_on=None, **told)
    people.delegate(person, number="DL-7", starts_on=day, ends_on=None, **told)

    context = KINDS["habilitation"].context(subject("SEC"), at=AT)

    assert context["ground"]["what"] == what
    assert "G-7" in context["ground"]["said"] or "DL-7" in context["ground"]["said"]
    assert visa in [a["label"] for line in context["visas"] for a in line["articles"]]
    assert context["positions"] == ["VAL-01, place de la Mairie"]
    assert context["ends"] == ""


def test_a_person_of_another_commune_gets_no_act(subject: About) -> None:
    with pytest.raises(Unwritable, match="INCONNU"):
        KINDS["habilitation"].context(subject("INCONNU"), at=AT)


# --- the letter, the register, the state ----------------------------------------------------------------------------
def test_a_letter_about_one_position_names_it_alone_and_says_what_no_order_covers(subject: About) -> None:
    alone = KINDS["mise-en-service"].context(subject("VAL-07"), at=AT)
    whole = KINDS["mise-en-service"].context(subject(), at=AT)

    assert [p["code"] for p in alone["positions"]] == ["VAL-07"]
    assert whole["left_out"] == ["VAL-08"]
    assert "VAL-08" not in {p["code"] for p in whole["positions"]}


def test_a_letter_that_no_order_covers_is_a_draft(subject: About) -> None:
    assert "arrêté du préfet" in KINDS["mise-en-service"].context(subject("VAL-08"), at=AT)["lacking"]


def test_a_letter_about_nothing_is_refused(subject: About) -> None:
    with pytest.raises(Unwritable, match="rien à mettre en service"):
        KINDS["mise-en-service"].context(subject("VAL-99"), at=AT)


def test_the_register_holds_the_operations_of_the_article_and_no_other(subject: About, looked: None) -> None:
    lines = KINDS["registre"].context(subject(), at=AT)["lines"]

    assert [line["kind"] for line in lines] == ["Collecte", "Consultation", "Effacement"]
    assert lines[1]["author"] == "Agent de police municipale (agent)"
    assert lines[1]["motive"] == "levée de doute, bruit sur la place"
    assert lines[1]["to"] == "Gendarmerie"


def test_a_register_of_reversed_days_or_of_too_many_lines_is_refused(
    subject: About, looked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.documents.register.MOST", 2)

    with pytest.raises(Unwritable, match="avant de commencer"):
        KINDS["registre"].context(subject(since="2026-06-02", until="2026-06-01"), at=AT)
    with pytest.raises(Unwritable, match="période plus courte"):
        KINDS["registre"].context(subject(), at=AT)


def test_the_state_answers_as_the_gate_and_says_which_date_it_speaks_of(subject: About) -> None:
    kind = KINDS["etat"]
    ahead = subject(on="2032-01-01")

    today = kind.context(subject(), at=AT)
    later = kind.context(ahead, at=kind.spoken_at(ahead))

    assert [p["code"] for p in today["positions"] if p["open"]] == ["VAL-01", "VAL-02", "VAL-03", "VAL-04", "VAL-05"]
    assert not today["past"]
    assert not today["future"]
    assert kind.spoken_at(ahead) == datetime(2032, 1, 1, 11, 0, tzinfo=UTC)
    assert later["future"]
    assert later["summary"] == "Aucune position sur huit ne peut être enregistrée."


def test_a_title_withdrawn_is_no_longer_told(subject: About) -> None:
    held = Habilitation.objects.get(person__code="PM-03")
    before = len(KINDS["etat"].context(subject(), at=AT)["titles"])

    habilitation.withdraw_habilitation(held, since=AT - timedelta(days=1), at=AT, by=System.CONSOLE)

    assert len(KINDS["etat"].context(subject(), at=AT)["titles"]) == before - 1 == 3


def test_nothing_is_said_of_what_a_later_declaration_dropped(place: Installation, subject: About) -> None:
    dossier.place_panel(place, code="P-77", place="nulle part", at=AT, by=System.CONSOLE)
    held = Position.objects.get(code="VAL-03")
    last = held.declarations.latest("since")
    sight = position.Sight(
        kind=last.kind, justification="x", latitude=last.latitude, longitude=last.longitude, azimuth=last.azimuth,
        angle=last.angle, range_m=last.range_m, purposes=(1,),
    )  # fmt: skip
    position.change(held, sight=sight, since=AT - timedelta(hours=1), reason="essai", at=AT, by=System.CONSOLE)

    assert "(11°)" not in text_of("panneau", subject("P-03"))
    assert "(11°)" in text_of("panneau", subject("P-77"))
