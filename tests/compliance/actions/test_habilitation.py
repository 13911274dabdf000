"""Who may be let see images, and how it is taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from compliance.actions import habilitation
from compliance.law.terms import Action, Category
from compliance.matrix import Dossier, Plan
from compliance.models import Habilitation
from tests.compliance.actions.acts import title
from tests.compliance.built import AT, a_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made() -> Dossier:
    return a_dossier(Plan(category=Category.COMMUNAL_AGENT))


def habilitate(made: Dossier, **changes: Any) -> Habilitation:
    return habilitation.habilitate(
        made.agent, installation=made.installation, title=title(made, **changes), **made.proved
    )


def test_the_mayor_needs_no_habilitation(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="son mandat est l’acte"):
        habilitate(made, category=Category.MAYOR)


def test_a_habilitation_says_what_for_where_and_until_when(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="ce que la personne peut faire"):
        habilitate(made, actions=())
    with pytest.raises(ValidationError, match="n’est pas de cette installation"):
        habilitate(made, positions=(a_dossier().position,))
    with pytest.raises(ValidationError, match="ne peut précéder le début"):
        habilitate(made, ends_on=made.day(-1))

    row = habilitate(made, actions=(Action.WATCH, Action.EXPORT), positions=(made.position,), ends_on=made.day(0))

    assert row.actions == ["export", "watch"]
    assert row.positions.get() == made.position


def test_a_habilitation_is_taken_back_once(made: Dossier) -> None:
    row = habilitate(made)

    habilitation.withdraw_habilitation(row, since=AT, **made.by)

    with pytest.raises(ValidationError, match="déjà retirée"):
        habilitation.withdraw_habilitation(row, since=AT, **made.by)
    row.refresh_from_db()
    assert row.withdrawn_at == AT


def test_an_agreement_does_not_end_before_it_starts(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="ne peut précéder le début"):
        habilitation.record_agreement(
            made.agent,
            installation=made.installation,
            number="AG",
            signed_on=made.day(0),
            starts_on=made.day(0),
            ends_on=made.day(-1),
            **made.by,
        )


def test_only_a_suspension_in_force_is_lifted(made: Dossier) -> None:
    here: dict[str, Any] = {"installation": made.installation, **made.by}
    suspended = habilitation.suspend_agreement(made.agreement, since=AT, **here)
    withdrawn = habilitation.withdraw_agreement(made.agreement, since=AT, **here)

    habilitation.lift_agreement(suspended, until=AT + timedelta(hours=1), **here)

    for measure in (suspended, withdrawn):
        with pytest.raises(ValidationError, match="Seule une suspension en cours"):
            habilitation.lift_agreement(measure, until=AT + timedelta(hours=2), **here)


def test_each_category_has_its_signatory() -> None:
    assert set(habilitation.SIGNATORIES) == set(Category) - {Category.MAYOR}
    assert habilitation.SIGNATORIES[Category.MUNICIPAL_POLICE] == "mayor"
    assert habilitation.SIGNATORIES[Category.STATE_AGENT] == "chief_of_service"
