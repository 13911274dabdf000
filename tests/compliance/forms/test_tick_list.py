"""A long list to tick: fifty lines at once, a search beyond, and nothing lost by searching."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from compliance.forms.tick_list import SHOWN, TickList
from tests.compliance.pages import Page


def form(number: int, data: QueryDict | None = None, **first: Any) -> forms.Form:
    """Return a form that asks to tick among so many positions."""
    names = [(f"VAL-{n:04}", f"VAL-{n:04}, {n}, rue de l’Église") for n in range(1, number + 1)]

    class Asked(forms.Form):
        positions = forms.MultipleChoiceField(label="Positions", choices=names, widget=TickList)

    return Asked(data, initial=first)


def posted(**answers: list[str] | str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in answers.items():
        data.setlist(name, [values] if isinstance(values, str) else values)
    return data


def shown(asked: forms.Form) -> dict[str, list[str]]:
    """Return the codes shown under each title."""
    context = asked["positions"].field.widget.get_context("positions", asked["positions"].value(), {"id": "id"})
    return {title or "": [o["value"] for o in options] for title, options, _index in context["widget"]["optgroups"]}


def status(html: str) -> dict[str, str]:
    (found,) = [p for p in Page(html).all("p") if p.get("role") == "status"]
    return found


def search(asked: forms.Form) -> dict[str, Any]:
    context = asked["positions"].field.widget.get_context("positions", asked["positions"].value(), {"id": "id"})
    found: dict[str, Any] = context["widget"]["search"]
    return found


def sent_again(asked: forms.Form) -> QueryDict:
    """Return what a browser would send of the list shown, nothing being touched."""
    inputs = Page(str(asked["positions"])).all("input")
    boxes = [i["value"] for i in inputs if i["type"] == "checkbox" and "checked" in i]
    kept = [i["value"] for i in inputs if i["type"] == "hidden"]
    return posted(positions=boxes, positions_gardes=kept) if kept else posted(positions=boxes)


@pytest.mark.parametrize("number", [1, SHOWN])
def test_a_short_list_is_plain_boxes(number: int) -> None:
    html = str(form(number)["positions"])

    assert "search" not in html
    assert "button" not in html
    assert html.count('type="checkbox"') == number


def test_a_long_list_shows_its_head_and_a_search() -> None:
    html = str(form(1000)["positions"])

    assert 'type="search"' in html
    assert html.count('type="checkbox"') == SHOWN
    assert "À cocher (50 montrées sur 1 000)" in html.replace("\u202f", " ")
    assert len(html) < 20_000


def test_one_finds_by_code_or_by_street_whatever_the_accents() -> None:
    by_code = form(1000, posted(positions_q="val-0900", positions_chercher="1"))
    by_street = form(1000, posted(positions_q="EGLISE 900", positions_chercher="1"))

    assert shown(by_code) == shown(by_street) == {"Trouvées, à cocher (1)": ["VAL-0900"]}


def test_what_was_ticked_stays_and_comes_first() -> None:
    asked = form(1000, posted(positions="VAL-0700", positions_q="0900", positions_chercher="1"))

    assert shown(asked) == {"Cochées (1)": ["VAL-0700"], "Trouvées, à cocher (1)": ["VAL-0900"]}


def test_all_that_a_search_found_is_ticked_then_unticked() -> None:
    ticked = form(1000, posted(positions="VAL-0700", positions_q="", positions_cocher="val-09"))

    assert len(ticked["positions"].value()) == 101
    assert search(ticked)["ticked"] == 101

    kept = "\n".join(ticked["positions"].value())
    unticked = form(1000, posted(positions_gardes=kept, positions_decocher="val-09"))

    assert unticked["positions"].value() == ["VAL-0700"]


def test_a_button_does_what_it_said_whatever_was_typed_since() -> None:
    asked = form(1000, posted(positions_q="", positions_cocher="val-0900"))

    assert asked["positions"].value() == ["VAL-0900"]
    assert search(asked)["searched"] == "val-0900"


def test_what_is_ticked_and_not_shown_is_sent_and_validated() -> None:
    everything = form(1000, posted(positions_cocher=""))

    again = form(1000, sent_again(everything))

    assert search(everything)["hidden"] == 1000 - SHOWN
    assert again.is_valid()
    assert len(again.cleaned_data["positions"]) == 1000


def test_a_thousand_ticked_stay_far_from_the_limit_of_fields() -> None:
    html = str(form(1000, posted(positions_cocher=""))["positions"])

    assert html.count("<input") <= SHOWN + 2


def test_among_many_ticked_the_one_searched_for_is_shown() -> None:
    everything = "\n".join(f"VAL-{n:04}" for n in range(1, 1001))

    asked = form(1000, posted(positions_gardes=everything, positions_q="0900", positions_chercher="1"))

    assert "VAL-0900" in shown(asked)["Cochées (50 montrées sur 1\u202f000)"]


def test_a_code_that_the_list_has_not_is_refused_hidden_or_not() -> None:
    asked = form(1000, posted(positions="VAL-0001", positions_gardes="VAL-9999"))

    assert not asked.is_valid()


def test_the_count_is_told_and_takes_the_focus_after_a_search() -> None:
    before = status(str(form(1000)["positions"]))
    asked = form(1000, posted(positions=["VAL-0001"], positions_q="0900", positions_chercher="1"))
    html = str(asked["positions"]).replace("\u202f", " ").replace("\u00a0", " ")

    assert "autofocus" not in before
    assert "autofocus" in status(html)
    assert "Cases cochées : <span>1</span> sur 1 000." in html
    assert "1 ligne répond à « 0900 »." in html
