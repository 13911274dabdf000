"""Each act has what undoes it, or why nothing does; each kind of entry leads to a page of an act that corrects it."""

from types import SimpleNamespace

import pytest

from compliance.forms.acts import ACTS
from compliance.forms.entry import EntryForm
from compliance.forms.undo import FINAL, KINDS, UNDONE_BY


def test_every_act_is_undone_by_another_or_says_why_not() -> None:
    assert set(UNDONE_BY) | set(FINAL) == set(ACTS)
    assert not set(UNDONE_BY) & set(FINAL)
    assert set(UNDONE_BY.values()) <= set(ACTS)


@pytest.mark.parametrize("slug", KINDS)
def test_an_entry_is_corrected_by_the_questions_that_wrote_it(slug: str) -> None:
    kind = KINDS[slug]

    for sort in ("suspension", "withdrawal", "event_end"):
        form = ACTS[kind.act(SimpleNamespace(kind=sort))].form
        assert issubclass(form, EntryForm)
        assert form.model is kind.model


@pytest.mark.parametrize("slug", [slug for slug, kind in KINDS.items() if kind.field])
def test_the_act_that_undoes_takes_the_entry_by_its_field(slug: str) -> None:
    kind = KINDS[slug]
    undo = UNDONE_BY[kind.act(SimpleNamespace(kind="suspension"))]

    assert kind.field in ACTS[undo].form.base_fields
