"""The choice of what to look at: fifty cameras at once, a search beyond, and nothing lost by searching."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict

from recording.forms import MOST_CAMERAS, SHOWN, ConsultationForm


def cameras(number: int) -> list[Any]:
    positions = [SimpleNamespace(code=f"VAL-{n:04}", address=f"{n}, rue des Lilas") for n in range(1, number + 1)]
    return [
        SimpleNamespace(camera=SimpleNamespace(position=p), verdict=SimpleNamespace(allowed=True)) for p in positions
    ]


def shown(form: ConsultationForm) -> list[str]:
    return [code for code, _ in form.fields["camera"].choices]  # type: ignore[attr-defined]


def posted(**answers: list[str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in answers.items():
        data.setlist(name, values)
    return data


@pytest.mark.parametrize(("number", "long"), [(1, False), (SHOWN, False), (SHOWN + 1, True)])
def test_one_searches_only_beyond_what_a_page_shows(number: int, long: bool) -> None:
    form = ConsultationForm(listed=cameras(number))

    assert form.long is long
    assert len(shown(form)) == min(number, SHOWN)
    assert form.initial["camera"] == shown(form)[:MOST_CAMERAS]


def test_a_camera_that_the_page_did_not_show_may_be_asked_for() -> None:
    asked = posted(camera=["VAL-0900"], motive=["service"], motive_text=[""])

    form = ConsultationForm(asked, listed=cameras(1000))

    assert form.is_valid()
    assert form.cleaned_data["camera"] == ["VAL-0900"]


def test_a_camera_that_the_gate_refuses_is_not_asked_for_by_its_name() -> None:
    some = cameras(3)
    some[2].verdict.allowed = False

    form = ConsultationForm(posted(camera=["VAL-0003"], motive=["service"], motive_text=[""]), listed=some)

    assert form.errors["camera"] == ["Cette caméra ne peut pas être vue."]


def test_searching_keeps_what_was_ticked_and_typed_and_complains_of_nothing() -> None:
    asked = posted(q=["lilas 0900"], camera=["VAL-0002"], motive=[""], motive_text=["rue barrée"], chercher=["1"])

    form = ConsultationForm(asked, listed=cameras(1000)).searching(cameras(1000))

    assert shown(form) == ["VAL-0002", "VAL-0900"]
    assert form.found == ["VAL-0900"]
    assert form["camera"].value() == ["VAL-0002"]
    assert form["motive_text"].value() == "rue barrée"
    assert form["q"].value() == "lilas 0900"
    assert not form.errors


def test_unticking_everything_then_searching_ticks_nothing_again() -> None:
    form = ConsultationForm(posted(q=["0900"], chercher=["1"]), listed=cameras(1000)).searching(cameras(1000))

    assert form["camera"].value() == []
