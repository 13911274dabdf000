"""What may be corrected, until an act rests on it; and what is kept of before."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from compliance.actions import correction, dossier, position
from compliance.matrix import Dossier
from compliance.matrix.dossier import SIGHT
from compliance.models import Authority, Body, Panel, Position
from tests.compliance.actions.acts import _unwritten, an_account, somebody
from tests.compliance.built import AT, a_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WHY: dict[str, Any] = {"reason": "faute de frappe", "at": AT}


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


def declared(made: Dossier) -> Position:
    return position.declare(
        made.installation, code="VAL-30", address="2, rue du Puit", sight=SIGHT, since=AT, **made.by
    )


def test_an_address_is_corrected_while_no_order_names_the_position(made: Dossier) -> None:
    row = declared(made)

    correction.correct_address(row, address="2, rue du Puits", by=made.by["by"], **WHY)

    row.refresh_from_db()
    assert row.address == "2, rue du Puits"
    after, before = row.history.all()
    assert (before.address, after.address) == ("2, rue du Puit", "2, rue du Puits")
    assert (before.history_date, after.history_date) == (AT, AT)
    assert after.history_change_reason == "faute de frappe"


def test_an_order_typed_by_mistake_holds_no_address(made: Dossier) -> None:
    made.installation.orders.update(void_at=AT)

    correction.correct_address(made.position, address="2, rue du Puits", by=made.by["by"], **WHY)

    made.position.refresh_from_db()
    assert made.position.address == "2, rue du Puits"


def test_once_an_order_names_the_position_its_address_stays(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="nomme cette position : déclarez ce qui a changé"):
        correction.correct_address(made.position, address="3, place de la Mairie", by=made.by["by"], **WHY)

    made.position.refresh_from_db()
    assert made.position.address == "1, place de la Mairie"
    assert made.position.history.count() == 1


def test_the_journal_holds_before_and_after(made: Dossier) -> None:
    correction.correct_address(declared(made), address="2, rue du Puits", by=made.by["by"], **WHY)

    body = Body.objects.latest("entry")
    assert body.sentence == "Correction, Position VAL-30, adresse : « 2, rue du Puit » devient « 2, rue du Puits »"
    assert body.position == Position.objects.get(code="VAL-30")


def test_who_corrected_is_kept_by_number(made: Dossier) -> None:
    account = an_account(somebody(made), "clerc")
    from guardian.shortcuts import assign_perm

    assign_perm("compliance.manage_cameras", account, made.installation)
    row = declared(made)

    correction.correct_address(row, address="4, rue du Puits", by=account, **WHY)

    assert row.history.first().history_user_id == account.pk


def test_the_same_words_are_no_correction(made: Dossier) -> None:
    row = declared(made)

    with pytest.raises(ValidationError, match="déjà ce qui est écrit"):
        correction.correct_address(row, address=row.address, by=made.by["by"], **WHY)


def test_a_panel_to_come_moves_and_a_proved_one_stays(made: Dossier) -> None:
    coming = dossier.place_panel(made.installation, code="P-8", place="Pont", **made.by)
    proved = Panel.objects.exclude(pk=coming.pk).get()

    correction.correct_place(coming, place="Pont, rive gauche", by=made.by["by"], **WHY)

    coming.refresh_from_db()
    assert coming.place == "Pont, rive gauche"
    with pytest.raises(ValidationError, match="prouve ce panneau à cet endroit"):
        correction.correct_place(proved, place="Ailleurs", by=made.by["by"], **WHY)


def test_a_commune_is_corrected_until_the_cnil_knows_its_name(made: Dossier) -> None:
    given = {"name": "Valclair-sur-Moselle", "siret": "21570999900023", "insee": "57999"}
    with pytest.raises(ValidationError, match="envoyé à la CNIL sous ce nom"):
        correction.correct_authority(made.installation, **given, by=made.by["by"], **WHY)
    _unwritten(made)

    correction.correct_authority(made.installation, **given, by=made.by["by"], **WHY)

    commune = Authority.objects.get(pk=made.authority.pk)
    assert (commune.name, commune.siret, commune.insee) == tuple(given.values())
    assert Body.objects.latest("entry").values["fields"] == ["nom", "SIRET", "code INSEE"]


def test_words_too_long_are_refused_with_nothing_written(made: Dossier) -> None:
    row = declared(made)

    with pytest.raises(ValidationError):
        correction.correct_address(row, address="x" * 201, by=made.by["by"], **WHY)

    assert row.history.count() == 1


def test_a_person_s_name_is_corrected_and_their_code_stays(made: Dossier) -> None:
    given = {"name": "Personne fictive", "function": "Brigadier", "by": made.by["by"], **WHY}

    renamed = correction.correct_person(made.agent, installation=made.installation, **given)

    assert (renamed.name, renamed.function, renamed.code) == ("Personne fictive", "Brigadier", made.agent.code)
    assert Body.objects.latest("entry").values["fields"] == ["nom", "fonction"]
    with pytest.raises(PermissionDenied):
        correction.correct_person(a_dossier().agent, installation=made.installation, **given)
