"""What every page shares, piece by piece: words, states, articles, findings, slats, plans. No row is read."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import mark_safe

from compliance.law import article
from compliance.templatetags import claire, drawing, wording
from tests.compliance.pages import Page

ROOT = Path(__file__).resolve().parents[2]
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 19, 14, 32, 8, tzinfo=PARIS)


def _page(request: Any) -> HttpResponse:
    raise NotImplementedError


urlpatterns = [path("textes/", _page, name="law")]
pytestmark = pytest.mark.urls(__name__)


def render(source: str, **context: Any) -> str:
    """Render a line of template with the shared tags."""
    return Template("{% load claire %}" + source).render(Context(context)).strip()


def view(azimuth: float, angle: float = 44, range_m: float = 45, **place: float) -> SimpleNamespace:
    return SimpleNamespace(azimuth=azimuth, angle=angle, range_m=range_m, **place)


def finding(code: str, outcome: str, **changes: Any) -> SimpleNamespace:
    values = {
        "code": code,
        "title": f"Titre de {code}",
        "outcome": outcome,
        "blocks": "ALL",
        "reason": f"Raison de {code}.",
        "articles": (article("CSI L252-1"),),
        "remedy": "Saisir l’arrêté",
        "remedy_url": f"/{code}/",
        "who": "Secrétariat",
        "proof": "",
    }
    return SimpleNamespace(**{**values, **changes})


# ------------------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("day", "text"),
    [(date(2029, 3, 14), "14 mars 2029"), (date(2027, 1, 1), "1er janvier 2027"), (date(2026, 8, 2), "2 août 2026")],
)
def test_a_day_is_written_in_full_and_does_not_break(day: date, text: str) -> None:
    written = render("{{ day|jour }}", day=day)

    assert written.replace("\u00a0", " ") == text
    assert " " not in written


def test_an_instant_is_shown_at_paris_time_whatever_its_zone() -> None:
    at = datetime(2026, 6, 30, 22, 5, tzinfo=UTC)

    assert render("{{ at|instant }}", at=at).replace("\u00a0", " ") == "1er juillet 2026, 0 h 05"
    assert render("{{ at|seconde }}", at=at).replace("\u00a0", " ") == "1er juillet 2026, 0 h 05 min 00 s"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 11, 30), "dans 11 jours"),
        (date(2026, 11, 20), "demain"),
        (date(2026, 11, 19), "aujourd’hui"),
        (date(2026, 11, 18), "hier"),
        (date(2026, 11, 17), "il y a 2 jours"),
        (NOW.replace(second=4), "il y a 4 s"),
        (NOW.replace(minute=20, second=0), "il y a 12 min"),
        (NOW.replace(hour=11, minute=0), "il y a 3 h"),
        (NOW.replace(hour=16, minute=33), "dans 2 h"),
        (NOW.replace(day=17, hour=14), "il y a 2 jours"),
    ],
)
def test_a_distance_is_told_from_an_explicit_now(value: date, text: str) -> None:
    assert render("{{ value|distance:now }}", value=value, now=NOW).replace("\u00a0", " ") == text


def test_a_missing_date_is_empty() -> None:
    assert render("{{ d|jour }}{{ d|instant }}{{ d|distance:now }}{{ d|iso }}{{ d|heure }}", d=None, now=NOW) == ""


@pytest.mark.parametrize(
    ("value", "masculine", "feminine"),
    [
        (0, "aucun", "aucune"),
        (1, "un", "une"),
        (16, "seize", "seize"),
        (21, "vingt et un", "vingt et une"),
        (70, "soixante-dix", "soixante-dix"),
        (71, "soixante et onze", "soixante et onze"),
        (80, "quatre-vingts", "quatre-vingts"),
        (81, "quatre-vingt-un", "quatre-vingt-une"),
        (99, "quatre-vingt-dix-neuf", "quatre-vingt-dix-neuf"),
        (18204, "18\u202f204", "18\u202f204"),
    ],
)
def test_a_count_is_written_in_words(value: int, masculine: str, feminine: str) -> None:
    assert (wording.in_words(value), wording.in_words(value, feminine=True)) == (masculine, feminine)


def test_a_sentence_gets_its_french_spaces_and_its_codes_do_not_break() -> None:
    written = render("{{ s|phrase }}", s="Voir VAL-06 : l'arrêté n° 2024-VP-0142 ; où ? « là »")

    assert written == (
        'Voir <span class="code">VAL-06</span>\u00a0: l’arrêté n°\u00a0<span class="code">2024-VP-0142</span>\u202f; '
        "où\u202f? «\u00a0là\u00a0»"
    )


def test_a_sentence_is_escaped_unless_its_markup_was_declared_safe() -> None:
    assert render("{{ s|phrase }}", s="<b>VAL</b>") == "&lt;b&gt;VAL&lt;/b&gt;"
    assert render("{{ s|phrase }}", s=mark_safe("<b>x ; y</b>")) == "<b>x ; y</b>"


@pytest.mark.parametrize(("octets", "text"), [(512, "512 octets"), (1_400_000, "1,4 Mo"), (20_000_000, "20 Mo")])
def test_a_size_is_written_in_decimal_multiples(octets: int, text: str) -> None:
    assert render("{{ n|taille }}", n=octets).replace("\u00a0", " ") == text


# ----------------------------------------------------------------------------------------------- states, articles


def test_the_ten_states_carry_a_word_and_a_shape_of_the_sprite() -> None:
    sprite = Page(render_to_string("components/sprite.html"))
    symbols = {attrs["id"] for attrs in sprite.all("symbol")}

    for kind, (tint, shape, word) in claire.STATES.items():
        shown = render("{% state kind %}", kind=kind)

        assert word in shown
        assert f"state-{tint}" in shown
        assert f'href="#{shape}"' in shown
        assert shape in symbols
    assert len({shape for _, shape, _ in claire.STATES.values()}) == 10


def test_an_eleventh_state_is_refused() -> None:
    with pytest.raises(ValueError, match="alarm"):
        claire.state("alarm", "Alarme")


def test_a_state_may_say_more_than_its_word() -> None:
    shown = render('{% state "shut" "7 ouvertes sur 8" %}')

    assert "7 ouvertes sur 8" in shown
    assert "Éteinte" not in shown


def test_every_symbol_asked_by_a_template_is_in_the_sprite() -> None:
    symbols = {attrs["id"] for attrs in Page(render_to_string("components/sprite.html")).all("symbol")}
    sources = "".join(p.read_text() for p in (ROOT / "templates").rglob("*.html"))

    asked = set(re.findall(r'{% icon "([\w-]+)"', sources)) | set(re.findall(r'<use href="#([\w-]+)"', sources))

    assert asked
    assert asked <= symbols


def test_an_article_links_to_its_text_and_says_when_it_was_not_verified() -> None:
    verified, unverified = render('{% art "CSI L252-1" %}'), render('{% art "RGPD art. 35" %}')

    assert 'href="/textes/#csi-l252-1"' in verified
    assert "à vérifier" not in verified
    assert "à vérifier" in unverified


def test_an_article_leaves_no_space_before_the_sign_that_follows() -> None:
    assert render('({% art "CSI L252-1" %})').endswith("</a>)")


def test_an_undeclared_article_cannot_be_cited() -> None:
    with pytest.raises(KeyError):
        claire.art("CSI L999-9")


def test_articles_of_one_code_name_it_once() -> None:
    cited = [article("CSI L252-1"), article("CSI L252-4"), article("Code pénal 226-21")]

    text = re.sub(r"<[^>]+>", "", render("{% arts cited %}", cited=cited)).replace("\u00a0", " ")

    # The word joiners keep each comma on the line of what it follows.
    assert text == "CSI L252-1\u2060, L252-4\u2060, Code pénal 226-21"


# ------------------------------------------------------------------------------------------------------- findings


def test_what_is_not_satisfied_comes_first_and_the_rest_is_folded() -> None:
    findings = [
        finding("R-08", "met"),
        finding("R-05", "unmet"),
        finding("R-21", "alert"),
        finding("R-30", "not_concerned"),
    ]

    html = render_to_string("components/findings.html", {"findings": findings})

    places = [html.index(f'id="{code.lower()}"') for code in ("R-05", "R-21", "R-08", "R-30")]
    assert places == sorted(places)
    assert html.index("<details") < places[2]
    assert html.index("<details") > places[1]
    assert "Une exigence satisfaite" in html


def test_an_unmet_finding_says_what_why_which_article_what_to_do_and_who() -> None:
    html = render_to_string(
        "components/findings.html", {"findings": [finding("R-05", "unmet", proof="Photo du 3 mars.")]}
    )

    for part in (
        "Titre de",
        "Raison de",
        "CSI",
        "Saisir l’arrêté",
        "Secrétariat",
        "Preuve détenue",
        "Photo du 3 mars.",
    ):
        assert part in html
    assert 'href="/R-05/"' in html


def test_a_remedy_without_a_page_is_said_in_words() -> None:
    html = render_to_string("components/findings.html", {"findings": [finding("R-05", "unmet", remedy_url="")]})

    assert "Saisir l’arrêté" in html
    assert "btn" not in html


def test_only_the_first_remedy_has_the_full_button() -> None:
    findings = [finding("R-05", "unmet"), finding("R-17", "unmet"), finding("R-21", "alert")]

    links = Page(render_to_string("components/findings.html", {"findings": findings})).all("a")

    classes = [a["class"].split() for a in links if "btn" in (a.get("class") or "")]  # type: ignore[union-attr]
    assert ["btn-quiet" in c for c in classes] == [False, True, True]


def test_a_met_finding_shows_no_remedy() -> None:
    assert "Saisir" not in render_to_string("components/findings.html", {"findings": [finding("R-08", "met")]})


def test_a_reason_is_text_and_not_markup() -> None:
    html = render_to_string("components/findings.html", {"findings": [finding("R-05", "unmet", reason="<script>")]})

    assert "<script>" not in html


# -------------------------------------------------------------------------------------------------------- figures


def test_an_order_of_five_years_shows_its_sixty_months() -> None:
    kinds = drawing.months(date(2024, 3, 15), date(2029, 3, 14), date(2026, 11, 19), mark=date(2028, 11, 14))

    assert len(kinds) == 60
    assert kinds.count("past") == 32
    assert kinds.index("now") == 32
    assert kinds.index("mark") == 55


@pytest.mark.parametrize(
    ("today", "kinds"),
    [
        (date(2026, 1, 9), ["open", "open"]),
        (date(2026, 1, 10), ["now", "open"]),
        (date(2026, 2, 9), ["now", "open"]),
        (date(2026, 2, 10), ["past", "now"]),
        (date(2026, 3, 10), ["past", "past"]),
    ],
)
def test_the_month_under_way_moves_on_its_day(today: date, kinds: list[str]) -> None:
    assert drawing.months(date(2026, 1, 10), date(2026, 3, 9), today) == kinds


def test_slats_are_drawn_one_per_kind_and_named() -> None:
    html = render('{% slats kinds label="Neuf pièces sur onze" small=True %}', kinds=["past"] * 9 + ["open", "now"])

    page = Page(html)
    assert len(page.all("rect")) == 11
    assert page.all("svg")[0]["aria-label"] == "Neuf pièces sur onze"
    assert page.all("svg")[0]["role"] == "img"


def test_the_months_of_an_order_are_said_in_words() -> None:
    source = "{% slats_months a b today mark %}"

    html = render(source, a=date(2024, 3, 15), b=date(2029, 3, 14), today=date(2026, 11, 19), mark=date(2028, 11, 14))

    assert Page(html).all("svg")[0]["aria-label"] == (
        "60 mois d’autorisation : 32 écoulés, 1 en cours, 27 à venir. Une date à tenir au 56e mois."
    )


def test_a_field_turned_by_seven_degrees_overflows_by_seven_degrees() -> None:
    over = drawing.overflow(view(214), view(221))

    assert [(s.angle, s.near, s.far) for s in over] == [(7, 0, 45)]
    assert over[0].azimuth == pytest.approx(239.5)


@pytest.mark.parametrize(
    ("authorised", "declared", "angles"),
    [
        (view(214), view(214), []),
        (view(214), view(214, 30), []),
        (view(10), view(350), [20]),
        (view(0, 360), view(90, 60), []),
        (view(0, 60), view(0, 360), [150, 150]),
        (view(0, 60), view(180, 60), [60]),
        (view(0, 60), view(0, 100), [20, 20]),
    ],
)
def test_what_overflows_is_what_the_authorised_field_does_not_cover(
    authorised: Any, declared: Any, angles: list[int]
) -> None:
    assert [round(s.angle) for s in drawing.overflow(authorised, declared)] == angles


def test_a_longer_range_overflows_beyond_the_authorised_one() -> None:
    (over,) = drawing.overflow(view(90, 44, 30), view(90, 44, 45))

    assert (over.near, over.far, over.angle) == (30, 45, 44)


def test_the_plan_says_in_words_what_it_draws() -> None:
    html = render(
        '{% plan_svg "VAL-06" authorised=a declared=d masks=m %}',
        a=view(214),
        d=view(221),
        m=[
            {"azimuth": 199, "angle": 4, "near": 10, "far": 40},
        ],
    )

    label = Page(html).all("svg")[0]["aria-label"] or ""
    assert "vers le sud-ouest" in label
    assert "azimut 214°" in label
    assert "azimut 221°" in label
    assert "déborde" in label
    assert "Un masque." in label
    for line in ("Champ autorisé, 214°", "Champ déclaré, 221°", "Masque", "Hors du champ autorisé"):
        assert line in html


def test_a_plan_within_the_order_flags_nothing() -> None:
    html = render('{% plan_svg "VAL-01" authorised=a declared=a %}', a=view(120))

    assert "plan-over" not in html
    assert "plan-flag" not in html


def test_a_device_moved_away_shows_the_authorised_point() -> None:
    html = render(
        '{% plan_svg "VAL-06" authorised=a declared=d %}',
        a=view(214, latitude=49.0, longitude=6.2),
        d=view(214, latitude=49.0001, longitude=6.2),
    )

    assert "Point autorisé" in html
    assert "L’appareil n’est plus au point autorisé." in html


def test_a_plan_without_any_field_says_so() -> None:
    html = render('{% plan_svg "VAL-09" authorised=None declared=None %}')

    assert "n’est pas encore déclaré" in html


def test_the_drawing_fits_its_frame_and_writes_numbers_for_machines() -> None:
    html = render('{% plan_svg "X" authorised=a declared=d %}', a=view(10, 70.5, 12.5), d=view(200, 300, 33.3))

    for attrs in Page(html).all("path"):
        assert not re.search(r"\d,\d", attrs["d"] or "")
    drawn = drawing.plan(view(10, 70.5, 12.5), view(200, 300, 33.3))
    numbers = [tuple(map(float, p.split())) for p in drawn.declared.strip("Mz").split("L")]
    assert all(0 <= x <= drawing.WIDTH and 0 <= y <= drawing.HEIGHT for x, y in numbers)


@pytest.mark.parametrize(
    ("azimuth", "text"), [(0, "vers le nord"), (350, "vers le nord"), (90, "vers l’est"), (270, "vers l’ouest")]
)
def test_a_bearing_is_a_point_of_the_compass(azimuth: float, text: str) -> None:
    assert wording.bearing(azimuth) == text


def test_the_options_of_a_select_are_written_with_their_choice_and_nothing_unescaped() -> None:
    options = [{"value": 1, "label": "<Un>", "selected": False}, {"value": "2", "label": "Deux", "selected": True}]

    html = render("{{ options|options }}", options=options)

    assert html == '<option value="1">&lt;Un&gt;</option>\n<option value="2" selected>Deux</option>'
