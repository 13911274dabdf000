"""Forms and whole pages as templates write them, and the house rules of a strict policy: no style, no script inside."""

import hashlib
import re
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import path

from tests.compliance.pages import Page

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS = (ROOT / "static" / "claire-voie.css").read_text()


def _page(request: Any) -> HttpResponse:
    raise NotImplementedError


_NAMES = (
    "home",
    "law",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "set_language",
)
urlpatterns = [path(f"{name}/", _page, name=name) for name in _NAMES]
pytestmark = pytest.mark.urls(__name__)


class Clerk:
    """Somebody signed in, as the base shows them."""

    is_authenticated = True

    def __str__(self) -> str:
        return "Secrétariat de mairie"


def everywhere(**changes: Any) -> dict[str, Any]:
    context = {
        "commune": "Valclair-sur-Moselle",
        "demo": False,
        "nav_items": [
            {"label": "Accueil", "url": "/", "current": False},
            {"label": "Caméras", "url": "/cameras/", "current": True},
        ],
        "release": "0.1.0",
        "law_date": "3 avril 2026",
        "user": Clerk(),
    }
    return {**context, **changes}


class Act(forms.Form):
    """One field of each kind that an act may need."""

    starts_on = forms.DateField(label="L’arrêté prend effet le", help_text="La date de signature s'il n'en dit rien.")
    days = forms.IntegerField(label="Conservation, en jours", max_value=31, required=False)
    number = forms.CharField(
        label="Numéro", widget=forms.TextInput(attrs={"placeholder": "2024-VP-0142", "class": "own"})
    )
    named = forms.ChoiceField(label="Destinataires ?", choices=[("o", "Oui"), ("n", "Non")], widget=forms.RadioSelect)
    purposes = forms.MultipleChoiceField(
        label="Finalités", choices=[("1", "1°"), ("4", "4°")], widget=forms.CheckboxSelectMultiple, required=False
    )
    sworn = forms.BooleanField(label="Je certifie", help_text="Engage la commune.")
    signed_at = forms.SplitDateTimeField(label="Signé", required=False, widget=forms.SplitDateTimeWidget)
    seen_at = forms.DateTimeField(label="Vu", required=False)
    paper = forms.FileField(label="Annexe", help_text="PDF, 20 Mo au plus.")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")

    def clean(self) -> None:
        if self.cleaned_data.get("number") == "refusé":
            raise forms.ValidationError("La date de fin précède la date de début.")


def bad_act(**answers: str) -> Act:
    return Act({"days": "45", "number": "", "token": "t", **answers})


# ---------------------------------------------------------------------------------------------------------- forms


def test_every_control_has_a_label_that_names_it() -> None:
    page = Page(str(Act()))

    labelled = {attrs["for"] for attrs in page.all("label")}
    controls = [a for tag in ("input", "select", "textarea") for a in page.all(tag) if a.get("type") != "hidden"]
    assert len(controls) == 12
    assert {attrs["id"] for attrs in controls} <= labelled


def test_the_error_stands_between_the_hint_and_the_control() -> None:
    page = Page(str(bad_act(starts_on="hier")["starts_on"].as_field_group()))

    places = [page.place(f"id_starts_on{end}") for end in ("_helptext", "_error", "")]
    assert places == sorted(places)
    assert page.one("id_starts_on")["aria-describedby"] == "id_starts_on_helptext id_starts_on_error"
    assert page.one("id_starts_on")["aria-invalid"] == "true"


@pytest.mark.parametrize("form", [Act(), bad_act()], ids=["fresh", "refused"])
def test_what_describes_a_control_exists_and_no_id_is_repeated(form: Act) -> None:
    page = Page(str(form))

    described = {i for _, attrs in page.elements for i in attrs.get("aria-describedby", "").split()}
    assert described
    assert described <= set(page.ids())
    assert len(page.ids()) == len(set(page.ids()))


@pytest.mark.parametrize("form", [Act(initial={"starts_on": date(2026, 11, 17)}), Act({"starts_on": "2026-11-17"})])
def test_a_day_goes_out_in_machine_form_and_comes_back(form: Act) -> None:
    control = Page(str(form["starts_on"])).one("id_starts_on")
    back = Act({"starts_on": control["value"]})
    back.is_valid()

    assert (control["type"], control["value"]) == ("date", "2026-11-17")
    assert back.cleaned_data["starts_on"] == date(2026, 11, 17)


def test_a_day_that_is_not_one_is_shown_as_it_was_typed() -> None:
    assert Page(str(Act({"starts_on": "hier"})["starts_on"])).one("id_starts_on")["value"] == "hier"


def test_an_instant_goes_out_in_machine_form_to_the_minute() -> None:
    field = Act(initial={"seen_at": datetime(2026, 11, 12, 9, 14, 30)})["seen_at"]

    assert Page(str(field)).one("id_seen_at")["value"] == "2026-11-12T09:14"


def test_controls_wear_the_guide_s_classes() -> None:
    page = Page(str(Act()))

    assert page.one("id_starts_on")["class"] == "input input-date"
    assert page.one("id_days")["class"] == "input input-short"
    assert page.one("id_number")["class"] == "input own"
    assert "class" not in page.one("id_named_0")
    assert "class" not in page.one("id_token")
    assert [attrs.get("class") for attrs in page.all("div")].count("choice") == 5
    assert "upload" in [attrs.get("class") for attrs in page.all("div")]


def test_a_placeholder_is_never_shown() -> None:
    assert "placeholder" not in str(Act())


def test_a_group_of_choices_is_a_fieldset_with_its_question() -> None:
    html = str(Act()["named"].as_field_group())

    assert "<fieldset" in html
    assert re.search(r"<legend[^>]*>\s*<strong>Destinataires \?", html)


def test_a_choice_does_not_claim_a_state_that_radios_cannot_have() -> None:
    page = Page(str(bad_act()["named"].as_field_group()))

    assert all("aria-invalid" not in attrs for attrs in page.all("input"))
    assert page.all("fieldset")[0]["aria-describedby"] == "id_named_error"


def test_what_may_be_left_empty_says_so() -> None:
    assert "(facultatif)" in Act()["days"].as_field_group()
    assert "(facultatif)" not in Act()["number"].as_field_group()


def test_an_answer_is_escaped() -> None:
    html = str(Act({"number": '"><script>'}))

    assert "<script>" not in html


def test_a_hidden_field_is_sent_with_the_form_without_a_label() -> None:
    page = Page(str(Act()))

    assert page.one("id_token")["value"] == "t"
    assert "id_token" not in {attrs["for"] for attrs in page.all("label")}


def test_the_summary_leads_to_the_first_control_of_each_wrong_answer() -> None:
    form = bad_act(starts_on="hier")

    page = Page(render_to_string("components/errors.html", {"form": form}))

    links = [attrs["href"] for attrs in page.all("a")]
    assert "#id_starts_on" in links
    assert "#id_named_0" in links
    assert {link.removeprefix("#") for link in links} <= set(Page(str(form)).ids())


def test_the_summary_counts_in_words_and_shows_what_belongs_to_no_field() -> None:
    form = Act({"number": "refusé", "starts_on": "2026-01-01", "named": "n", "sworn": "on", "token": "t"})
    form.fields.pop("paper")

    summary = render_to_string("components/errors.html", {"form": form})

    assert "Une réponse est à corriger" in summary
    assert "La date de fin précède la date de début." in summary
    assert "La date de fin précède la date de début." in str(form)


def test_there_is_no_summary_when_nothing_is_wrong() -> None:
    assert render_to_string("components/errors.html", {"form": Act()}).strip() == ""


# ---------------------------------------------------------------------------------------------------------- pages


def test_a_page_says_its_language_its_theme_and_where_its_content_is() -> None:
    page = Page(render_to_string("base.html", everywhere()))

    assert page.all("html") == [{"lang": "fr", "data-theme": "light"}]
    assert page.all("a")[0]["class"] == "skip"
    assert page.all("a")[0]["href"].removeprefix("#") in page.ids()
    assert len(page.all("main")) == 1


def test_the_menu_marks_where_the_reader_is_and_only_there() -> None:
    page = Page(render_to_string("base.html", everywhere()))

    marked = [attrs["href"] for attrs in page.all("a") if attrs.get("aria-current")]
    assert marked == ["/cameras/", "/cameras/"]


def test_the_small_screens_menu_leads_to_the_plan_of_the_application() -> None:
    page = Page(render_to_string("base.html", everywhere()))

    (menu,) = [attrs for attrs in page.all("a") if attrs.get("class") == "to-menu"]
    assert menu["href"].removeprefix("#") in page.ids()


def test_signing_out_is_an_act_and_not_a_link() -> None:
    page = Page(render_to_string("base.html", everywhere()))

    outs = [attrs for attrs in page.all("form") if attrs.get("action") == "/account_logout/"]
    assert [attrs["method"] for attrs in outs] == ["post", "post"]
    assert "/account_logout/" not in [attrs.get("href") for attrs in page.all("a")]


def test_a_stranger_is_not_offered_to_sign_out() -> None:
    html = render_to_string("base.html", everywhere(user=AnonymousUser(), nav_items=[]))

    assert "account_logout" not in html
    assert "Menu" not in html


@pytest.mark.parametrize("template", ["base.html", "room.html", "bare.html", "account/base_entrance.html", "503.html"])
def test_the_demonstration_says_so_on_every_page(template: str) -> None:
    assert "Démonstration" in render_to_string(template, everywhere(demo=True))
    assert "Démonstration" not in render_to_string(template, everywhere())


def test_a_confirmation_is_a_note_of_its_kind() -> None:
    messages = [
        Message(constants.SUCCESS, "Arrêté enregistré : entrée 12."),
        Message(constants.ERROR, "Refusé."),
        Message(constants.INFO, "À savoir."),
    ]

    page = Page(render_to_string("base.html", everywhere(messages=messages)))

    notes = [attrs["class"] for attrs in page.all("div") if "note" in attrs.get("class", "").split()]
    assert notes == ["note note-ok", "note note-stop", "note"]


def test_a_page_with_errors_says_so_first_in_its_title() -> None:
    html = render_to_string("base.html", everywhere(form=bad_act()))

    assert re.search(r"<title>\s*Erreur.:", html)
    assert 'id="erreurs-titre"' in html
    assert "Erreur" not in render_to_string("base.html", everywhere(form=Act()))


def test_the_last_crumb_is_this_page_and_has_no_address() -> None:
    crumbs = [{"label": "Accueil", "url": "/"}, {"label": "VAL-06", "url": ""}]

    html = render_to_string("components/crumbs.html", {"crumbs": crumbs})

    assert Page(html).all("a") == [{"href": "/"}]
    assert Page(html).all("li")[-1] == {"aria-current": "page"}


def test_a_viewing_room_is_dark_and_shows_its_consultation() -> None:
    consultation = SimpleNamespace(
        number="2026-1147",
        agent="PM-02",
        motive="Flagrance",
        since=datetime.fromisoformat("2026-11-19T14:19:27+01:00"),
        end_url="/fin/",
    )

    html = render_to_string("room.html", everywhere(consultation=consultation))

    assert Page(html).all("html")[0]["data-theme"] == "dark"
    for part in ("2026-1147", "inscrite au journal", "PM-02", "Flagrance", "14\u00a0h\u00a019"):
        assert part in html
    assert Page(html).all("form")[0]["method"] == "post"
    assert 'class="topbar"' not in html


@pytest.mark.parametrize("code", ["400", "403_csrf", "500", "503"])
def test_a_page_of_failure_asks_for_nothing(code: str) -> None:
    html = render_to_string(f"{code}.html")

    assert len(Page(html).all("h1")) == 1
    assert "Rien" in html or "image" in html


@pytest.mark.parametrize("code", ["403", "404", "429"])
def test_a_refusal_says_what_to_do(code: str) -> None:
    page = Page(render_to_string(f"{code}.html", everywhere(exception="")))

    assert len(page.all("h1")) == 1
    assert "btn" in " ".join(attrs.get("class", "") for attrs in page.all("a"))


def test_a_refusal_gives_its_reason_when_it_has_one() -> None:
    assert "Réservé au maire." in render_to_string("403.html", everywhere(exception="Réservé au maire."))


class SignIn(forms.Form):
    """The library's sign-in, with the placeholder that it brings."""

    login = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "username", "placeholder": "Pseudonyme"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    email = forms.EmailField(required=True)


@pytest.mark.parametrize(
    "name",
    ["login", "logout", "signup_closed", "account_inactive", "reauthenticate"],
)
def test_the_pages_around_the_door_are_in_french_and_complete(name: str) -> None:
    context = everywhere(form=SignIn(), redirect_field="", user=AnonymousUser(), nav_items=[])

    html = render_to_string(f"account/{name}.html", context)

    page = Page(html)
    assert len(page.all("h1")) == 1
    assert not re.search(r"\b(Sign|Password|account|Please)\b", re.sub(r"<[^>]+>", " ", html))
    assert all(attrs.get("method") == "post" for attrs in page.all("form"))


def test_the_sign_in_names_its_fields_in_the_words_of_the_house() -> None:
    html = render_to_string(
        "account/login.html", everywhere(form=SignIn(), redirect_field="", user=AnonymousUser(), nav_items=[])
    )

    assert "Identifiant" in html
    assert "Pseudonyme" not in html
    assert Page(html).one("id_password")["autocomplete"] == "current-password"


# ------------------------------------------------------------------------------------------------ the house rules


# The sheet of the papers is whole in itself: no browser reads it, and its renderer may fetch nothing.
PAPER = ROOT / "templates" / "compliance" / "documents" / "page.html"


def test_no_template_holds_a_style_a_script_or_a_handler() -> None:
    found = [
        (str(p.relative_to(ROOT)), match.group())
        for p in TEMPLATES
        if p != PAPER
        for match in re.finditer(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:", p.read_text())
    ]

    assert TEMPLATES
    assert found == []


def test_no_page_calls_another_house() -> None:
    files = [*TEMPLATES, ROOT / "static" / "claire-voie.css", ROOT / "static" / "shell.js"]

    address = re.compile(r"(?:https?:)?//[\w.]+\.\w{2,}|@import|url\((?!#)")
    assert [p.name for p in files if address.search(re.sub(r"/\*.*?\*/", "", p.read_text(), flags=re.DOTALL))] == []


def test_every_class_of_a_component_is_in_the_stylesheet() -> None:
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", CSS))
    asked = set()
    for p in (ROOT / "templates" / "components").glob("*.html"):
        # A class completed by a variable (state-{{ kind|tint }}) is left out: other tests look at those.
        for value in re.findall(r'class="([^"]*)"', re.sub(r"{%.*?%}", " ", p.read_text())):
            asked |= set(re.sub(r"\S*{{.*?}}\S*", " ", value).split())

    assert len(asked) > 60
    assert asked - known == set()


def test_every_token_used_by_the_stylesheet_is_declared() -> None:
    assert set(re.findall(r"var\((--[\w-]+)\)", CSS)) <= set(re.findall(r"(--[\w-]+):", CSS))


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_a_vendored_script_is_the_one_that_its_note_describes(folder: str) -> None:
    note = (ROOT / folder / "README.md").read_text()
    scripts = sorted((ROOT / folder).glob("*.js"))

    assert scripts
    for script in scripts:
        line = next(row for row in note.splitlines() if row.startswith(f"| `{script.name}`"))
        assert hashlib.sha256(script.read_bytes()).hexdigest() in line


def test_the_scripts_of_a_page_exist() -> None:
    sources = [attrs["src"] for attrs in Page(render_to_string("components/scripts.html")).all("script")]

    assert sources
    assert all((ROOT / "static" / source.split("static/", 1)[1]).exists() for source in sources)


def test_a_printed_page_has_no_way_to_elsewhere() -> None:
    printed = CSS.partition("@media print {")[2].partition("\n}")[0]
    hidden = next(line for line in printed.splitlines() if "display: none" in line)

    assert {".topbar nav", "main nav", ".page-help", ".btn", ".filters", ".foot"} <= {
        name.strip() for name in hidden.partition("{")[0].split(",")
    }
    assert "--paper: #fff" in printed
