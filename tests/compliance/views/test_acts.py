"""Every act through its pages, without a script: asked, checked, confirmed once, journaled, nothing lost between."""

import re
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from compliance.forms.acts import ACTS
from compliance.models import (
    Account,
    Body,
    Document,
    Entry,
    Head,
    Installation,
    MaskCheck,
    Order,
    OrderMeasure,
    Position,
)
from compliance.views import effects
from compliance.views.acts import last_act
from compliance.views.clock import now
from compliance.views.drafts import SALT, Draft
from tests.compliance.actions.test_document import a_pdf, opens_with
from tests.compliance.views.answers import CASES, Given, day, moment, pdf

HANDING = {"inviter", "lien-renvoyer"}
# What Python says of a row, or of an instant, when nobody says it better.
RAW = re.compile(r"\w+ object \(|\d\d:\d\d:\d\d\.\d+|[+]00:00")


def ask(browser: Client, slug: str, given: Given) -> Any:
    """Send the first page."""
    return browser.post(reverse("act", args=["VALCLAIR", slug]), given)


def confirmed(browser: Client, checking: str, place: Installation) -> Any:
    """Confirm what is being checked, as the page would send it."""
    return browser.post(checking, {"vu": str(last_act(place)), "confirme": "oui"})


def text_of(answer: Any) -> str:
    """Return a page's HTML, with ordinary spaces before its colons."""
    content: str = answer.content.decode()
    return content.replace("&nbsp;", " ")


def written() -> int:
    """Return how many entries the journal has."""
    return Head.objects.values_list("seq", flat=True).get()


def test_every_act_of_the_table_has_its_case() -> None:
    assert set(CASES) == set(ACTS)


@pytest.mark.parametrize("slug", CASES)
def test_each_act_is_asked_checked_and_confirmed(place: Installation, signed_in: Any, slug: str) -> None:
    login, before, given = CASES[slug]
    before(place)
    browser = signed_in(login)
    count = written()

    asked = ask(browser, slug, given())
    assert asked.status_code == 302, text_of(asked)
    checking = browser.get(asked["Location"])
    assert checking.status_code == 200
    assert RAW.findall(text_of(checking)) == [], "an answer is said as the list said it"
    assert written() == count, "an act checked is not an act done"
    assert Document.objects.filter(recorded_by__username=login).count() == 0
    end = confirmed(browser, asked["Location"], place)

    # A one-time link is shown by the very answer to the confirmation.
    assert end.status_code == (200 if slug in HANDING else 302), text_of(end)
    done = end if slug in HANDING else browser.get(end["Location"])
    assert "L’acte est enregistré." in text_of(done)
    assert written() > count
    assert f"Entrée {written()}" in text_of(done).replace("\u202f", "")
    last = Body.objects.select_related("entry").get(entry=written())
    assert last.actor == Account.objects.get(username=login)


@pytest.mark.parametrize("slug", [slug for slug, page in ACTS.items() if page.stop])
def test_what_closes_is_confirmed_by_a_ticked_sentence(place: Installation, signed_in: Any, slug: str) -> None:
    login, before, given = CASES[slug]
    before(place)
    browser = signed_in(login)
    checking = ask(browser, slug, given())["Location"]
    count = written()

    answer = browser.post(checking, {"vu": str(last_act(place))})

    assert answer.status_code == 422
    assert "<title>Erreur : " in text_of(answer)
    assert "btn-stop" in text_of(answer)
    assert ACTS[slug].stop.split(" : ")[0] in text_of(answer).replace("\u00a0", " ")
    assert written() == count


def test_an_empty_form_names_each_answer_to_correct_and_links_to_it(signed_in: Any) -> None:
    answer = ask(signed_in("liaison"), "masques", {})

    assert "<title>Erreur : Vérifier les masques" in text_of(answer)
    for anchor in ("#id_position", "#id_checked_at", "#id_document", "#id_verdict_0", "#id_masks"):
        assert f'href="{anchor}"' in text_of(answer)
    assert "Déposez le fichier." in text_of(answer)


def test_what_the_act_itself_refuses_is_said_beside_its_field(signed_in: Any) -> None:
    given = {**CASES["arrete"][2](), "ends_on": day(5 * 366), "retention_days": "45"}

    answer = ask(signed_in("liaison"), "arrete", given)

    assert "Au plus tard le " in text_of(answer)
    assert "45 jours dépassent un mois" in text_of(answer)


@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
def test_a_day_that_no_act_is_dated_of_is_said_beside_its_field(place: Installation, slug: str, year: str) -> None:
    form = ACTS[slug].form({}, installation=place, at=now())
    dated = {
        name: f"{year}-01-01T00:00" if isinstance(field, forms.DateTimeField) else f"{year}-12-31"
        for name, field in form.fields.items()
        if isinstance(field, (forms.DateField, forms.DateTimeField))
    }

    errors = ACTS[slug].form(dated, installation=place, at=now()).errors

    assert all(errors[name] == ["Donnez une année de 1900 à 2199."] for name in dated)


def test_a_file_too_big_is_refused_without_being_kept_whole(
    place: Installation, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "UPLOAD_LIMIT", 100_000)
    monkeypatch.setattr(settings, "HOME", settings.HOME / "too-big")
    kept: list[int] = []
    real = Draft.files

    def watched(draft: Draft) -> Any:
        kept.extend(path.stat().st_size for path in draft.folder.glob("file-*"))
        return real(draft)

    monkeypatch.setattr(Draft, "files", watched)
    big = SimpleUploadedFile("piece.pdf", b"%PDF-" + b"0" * 2_000_000)

    answer = ask(signed_in("liaison"), "engagement", {**CASES["engagement"][2](), "document": big})

    assert "Le fichier dépasse" in text_of(answer)
    assert 100_000 < max(kept) < 200_000


@pytest.mark.parametrize("cameras", ["0", "-1", "9" * 30])
def test_a_line_of_the_annex_has_a_number_of_cameras_that_a_street_holds(signed_in: Any, cameras: str) -> None:
    answer = ask(signed_in("liaison"), "arrete", {**CASES["arrete"][2](), "ligne_VAL-08_cameras": cameras})

    assert answer.status_code == 422
    assert 'href="#id_ligne_VAL-08_cameras"' in text_of(answer)


def test_a_line_of_the_annex_is_asked_for_each_position_of_the_order(signed_in: Any) -> None:
    given = {k: v for k, v in CASES["arrete"][2]().items() if k != "ligne_VAL-08_azimuth"}

    answer = ask(signed_in("liaison"), "arrete", given)

    assert "VAL-08 : donnez ce nombre" in text_of(answer).replace("\u00a0", " ").replace(
        '<span class="code">VAL-08</span>', "VAL-08"
    )


def test_the_annex_starts_from_what_is_declared(signed_in: Any) -> None:
    answer = signed_in("liaison").get(reverse("act", args=["VALCLAIR", "arrete"]))

    assert 'name="ligne_VAL-06_azimuth"' in text_of(answer)
    assert 'value="221.0"' in text_of(answer)


def test_an_act_opened_from_a_position_knows_it(signed_in: Any) -> None:
    browser = signed_in("liaison")

    masks = text_of(browser.get("/installations/VALCLAIR/actes/masques/?position=VAL-06"))
    turned = text_of(browser.get("/installations/VALCLAIR/actes/position/?position=VAL-06&azimuth=214"))

    assert re.search(r'<option value="VAL-06"\s+selected', masks)
    assert 'value="214"' in turned


def test_a_wrong_file_is_refused_in_words_and_not_kept(signed_in: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = {**CASES["engagement"][2](), "document": SimpleUploadedFile("a.pdf", b"MZ\x90 not a pdf")}

    answer = ask(signed_in("liaison"), "engagement", given)

    assert "Ce fichier n’est pas un PDF" in text_of(answer)
    assert "Reçu" not in text_of(answer)


def test_a_script_inside_a_pdf_is_refused_in_words_and_not_kept(signed_in: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    active = opens_with("/JavaScript", JS="app.alert(1)")
    given = {**CASES["engagement"][2](), "document": SimpleUploadedFile("a.pdf", a_pdf(active))}

    refused = ask(signed_in("liaison"), "engagement", given)

    assert "contient un script" in text_of(refused)
    assert "Reçu" not in text_of(refused)


def test_a_received_file_is_kept_while_another_answer_is_corrected(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    given = CASES["masques"][2]()

    first = ask(browser, "masques", {**given, "masks": ""})
    token = text_of(first).split('name="brouillon" value="')[1].split('"')[0]
    second = ask(browser, "masques", {**{k: v for k, v in given.items() if k != "document"}, "brouillon": token})

    assert "photo.png" in text_of(first)
    assert second.status_code == 302
    confirmed(browser, second["Location"], place)
    assert MaskCheck.objects.latest("pk").document.name == "photo.png"


def test_going_back_from_the_check_loses_nothing(signed_in: Any) -> None:
    browser = signed_in("liaison")
    checking = text_of(browser.get(ask(browser, "engagement", CASES["engagement"][2]())["Location"]))

    change = checking.split('href="')[-1 * checking.count("Modifier<")].split('"')[0]
    back = text_of(browser.get(next(part for part in checking.split('"') if "?brouillon=" in part).split("#")[0]))

    assert "Modifier" in checking
    assert change
    assert 'value="RU-1"' in back
    assert "piece.pdf" in back


def test_a_draft_is_private_under_the_home_and_emptied_once_confirmed(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    checking = ask(browser, "engagement", CASES["engagement"][2]())["Location"]
    key = signing.loads(checking.rstrip("/").split("/")[-1], salt=SALT)[0]
    folder = settings.HOME / "drafts" / key
    kept = list(folder.glob("file-*"))

    confirmed(browser, checking, place)

    assert len(kept) == 1
    assert folder.stat().st_mode & 0o077 == 0
    assert not list(folder.glob("file-*"))
    assert "RU-1" not in (folder / "answers.json").read_text()


def test_the_same_confirmation_sent_twice_acts_once(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    checking = ask(browser, "masques", CASES["masques"][2]())["Location"]
    checks = MaskCheck.objects.count()
    seen = str(last_act(place))

    first = browser.post(checking, {"vu": seen})
    second = browser.post(checking, {"vu": seen})

    assert first["Location"] == second["Location"]
    assert MaskCheck.objects.count() == checks + 1


def test_two_confirmations_at_the_same_instant_act_once(
    place: Installation, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, twin = signed_in("liaison"), signed_in("liaison")
    checking = ask(browser, "masques", CASES["masques"][2]())["Location"]
    seen = str(last_act(place))
    answers = []
    perform = effects.perform

    def meanwhile(form: Any, *, at: Any, by: Any) -> effects.Done:
        answers.append(twin.post(checking, {"vu": seen}))
        return perform(form, at=at, by=by)

    monkeypatch.setattr(effects, "perform", meanwhile)
    checks = MaskCheck.objects.count()
    browser.post(checking, {"vu": seen})

    assert [answer.status_code for answer in answers] == [409]
    assert "Cet acte est déjà confirmé." in text_of(answers[0])
    assert MaskCheck.objects.count() == checks + 1


def test_a_dossier_that_changed_meanwhile_is_said_before_acting(place: Installation, signed_in: Any) -> None:
    browser, mayor = signed_in("liaison"), signed_in("maire")
    checking = ask(browser, "engagement", CASES["engagement"][2]())["Location"]
    seen = str(last_act(place))
    other = ask(mayor, "personne", CASES["personne"][2]())["Location"]
    confirmed(mayor, other, place)
    count = written()

    stale = browser.post(checking, {"vu": seen})
    again = confirmed(browser, checking, place)

    assert "Le dossier a changé" in text_of(stale)
    assert again.status_code == 302
    assert written() > count


def test_an_order_withdrawn_meanwhile_is_no_longer_offered(place: Installation, signed_in: Any) -> None:
    browser, twin = signed_in("liaison"), signed_in("liaison")
    given = CASES["arrete-retirer"][2]()
    checking = ask(browser, "arrete-retirer", given)["Location"]
    confirmed(twin, ask(twin, "arrete-retirer", given)["Location"], place)

    answer = browser.get(checking)

    assert "le dossier a changé" in text_of(answer)
    assert OrderMeasure.objects.count() == 1


def test_a_draft_belongs_to_one_account_one_act_and_one_token(place: Installation, signed_in: Any) -> None:
    browser, twin = signed_in("liaison"), signed_in("maire")
    checking = ask(browser, "engagement", CASES["engagement"][2]())["Location"]
    token = checking.rstrip("/").split("/")[-1]

    of_another_act = browser.get(reverse("act_check", args=["VALCLAIR", "masques", token]))
    altered = browser.get(reverse("act_check", args=["VALCLAIR", "engagement", f"{token[:-2]}AA"]))
    forged = browser.get(
        reverse("act_check", args=["VALCLAIR", "engagement", signing.dumps(["../../keys", 1, 1, "x"], salt=SALT)])
    )
    of_another = twin.get(reverse("act_check", args=["VALCLAIR", "aipd", token]))

    for answer in (of_another_act, altered, forged, of_another):
        assert answer.status_code == 410
        assert "Ce formulaire n’est plus valable." in text_of(answer)


def test_a_draft_older_than_its_token_is_said_plainly(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.views import drafts

    browser = signed_in("liaison")
    checking = ask(browser, "engagement", CASES["engagement"][2]())["Location"]
    monkeypatch.setattr(drafts, "KEPT_SECONDS", -1)

    assert browser.get(checking).status_code == 410


def test_the_effect_is_shown_before_and_told_after(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    asked = ask(browser, "panneau", CASES["panneau"][2]())

    before = text_of(browser.get(asked["Location"]))
    end = confirmed(browser, asked["Location"], place)
    after = text_of(browser.get(end["Location"]))

    assert "S’ouvre" in before
    assert "VAL-07 : la porte est ouverte" in after


def test_withdrawing_the_order_closes_what_it_opened(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    asked = ask(browser, "arrete-retirer", CASES["arrete-retirer"][2]())

    before = text_of(browser.get(asked["Location"]))
    end = confirmed(browser, asked["Location"], place)
    after = text_of(browser.get(end["Location"]))

    assert before.count("S’éteint") == 5
    assert "VAL-01, VAL-02, VAL-03, VAL-04, VAL-05 : la porte est fermée" in after
    assert "Votre vidéoprotection n’est pas autorisée." in text_of(browser.get("/"))


def test_a_habilitation_says_what_the_person_will_see(place: Installation, signed_in: Any) -> None:
    browser = signed_in("maire")
    asked = ask(browser, "habilitation-retirer", CASES["habilitation-retirer"][2]())

    assert text_of(browser.get(asked["Location"])).count("Ne voit pas") == 8


def test_an_act_tried_leaves_nothing_not_even_a_file(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    documents = {path for path in (settings.HOME / "documents").rglob("*") if path.is_file()}
    entries, proofs = Entry.objects.count(), Document.objects.count()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from config import demo_proofs

    unique = SimpleUploadedFile("seul.pdf", demo_proofs.paper("Pièce jamais confirmée", "unique"))
    browser.get(ask(browser, "engagement", {**CASES["engagement"][2](), "document": unique})["Location"])

    assert {path for path in (settings.HOME / "documents").rglob("*") if path.is_file()} == documents
    assert (Entry.objects.count(), Document.objects.count()) == (entries, proofs)


def test_a_new_position_has_a_code_and_a_change_has_a_reason(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    given = {k: v for k, v in CASES["position"][2]().items() if k not in {"position", "reason"}}

    nameless = ask(browser, "position", given)
    mute = ask(browser, "position", {**given, "position": "VAL-06"})
    asked = ask(browser, "position", {**given, "code": "VAL-09", "address": "salle des fêtes"})
    confirmed(browser, asked["Location"], place)

    assert "Une nouvelle position a un code et une adresse." in text_of(nameless)
    assert "Dites ce qui a changé" in text_of(mute)
    assert Position.objects.get(code="VAL-09").address == "salle des fêtes"


def test_a_new_device_is_mounted_and_described_in_one_act(place: Installation, signed_in: Any) -> None:
    browser = signed_in("technique")
    given = {
        "position": "VAL-03", "reference": "Caméra fixe C-12", "since": moment(5), "microphone": "absent",
        "analysis": "absent", "stated_at": moment(),
    }  # fmt: skip

    asked = ask(browser, "appareil", given)
    confirmed(browser, asked["Location"], place)

    mounted = Position.objects.get(code="VAL-03").mountings.get(reference="Caméra fixe C-12")
    assert mounted.statements.count() == 1


def test_a_panel_missing_needs_no_photo_but_one_in_place_does(signed_in: Any) -> None:
    browser = signed_in("liaison")
    given = {"panel": "P-01", "checked_on": day()}

    missing = ask(browser, "panneau-controle", {**given, "present": "non"})
    standing = ask(browser, "panneau-controle", {**given, "present": "oui"})

    assert missing.status_code == 302
    assert "se prouve par sa photo" in text_of(standing)


def test_a_perimeter_is_written_one_corner_a_line(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    given = CASES["arrete"][2]()

    wrong = ask(browser, "arrete", {**given, "document": pdf(), "perimeter": "ici et là"})
    short = ask(browser, "arrete", {**given, "document": pdf(), "perimeter": "49 6\n49.1 6"})
    asked = ask(browser, "arrete", {**given, "document": pdf(), "perimeter": "49 6\n49.1 6\n49.1 6.1\n"})
    confirmed(browser, asked["Location"], place)

    assert "Ligne 1" in text_of(wrong)
    assert "au moins trois sommets" in text_of(short)
    assert Order.objects.latest("pk").perimeter == [[49.0, 6.0], [49.1, 6.0], [49.1, 6.1]]


def test_the_right_is_asked_again_when_confirming(place: Installation, signed_in: Any) -> None:
    from compliance.actions import people
    from compliance.views.clock import now

    browser = signed_in("liaison")
    checking = ask(browser, "engagement", CASES["engagement"][2]())["Location"]
    account = Account.objects.get(username="liaison")

    people.revoke_right(place, account=account, right="file", at=now(), by=Account.objects.get(username="maire"))

    assert confirmed(browser, checking, place).status_code == 403


def test_without_a_journal_nothing_is_done_and_the_draft_stays(
    place: Installation, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compliance import journal

    def unavailable(event: str, **_: Any) -> None:
        raise journal.Unavailable(event)

    browser = signed_in("liaison")
    checking = ask(browser, "masques", CASES["masques"][2]())["Location"]
    checks = MaskCheck.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(journal, "record", unavailable)
        refused = confirmed(browser, checking, place)

    assert refused.status_code == 503
    assert MaskCheck.objects.count() == checks
    assert confirmed(browser, checking, place).status_code == 302


def test_a_form_from_another_site_is_refused(place: Installation) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        Account.objects.get(username="liaison"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    assert ask(strict, "engagement", {"receipt": "RU-9"}).status_code == 403
