"""Letters, commitment, AIPD and panels: dated as they can be, of the installation on which the right is held."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from compliance.actions import dossier
from compliance.matrix import Dossier, Plan
from compliance.models import CnilCommitment, LocationNotice, Notice, PanelCheck
from tests.compliance.built import a_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PLACE = {"latitude": 49.0, "longitude": 6.0, "azimuth": 0.0, "angle": 60.0, "range_m": 40.0}


@pytest.fixture
def made() -> Dossier:
    return a_dossier(Plan(risk=True))


def commission(made: Dossier, **changes: Any) -> Notice:
    given = {
        "positions": [made.position],
        "sent_on": made.day(0),
        "service_on": made.day(1),
        **made.proved,
        **changes,
    }
    return dossier.send_commissioning(made.installation, **given)


def test_a_letter_goes_before_the_date_it_announces(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="avant la date qu’elle annonce"):
        commission(made, service_on=made.day(0))
    with pytest.raises(ValidationError, match="avant la date qu’elle annonce"):
        dossier.send_location(made.position, place=PLACE, sent_on=made.day(0), service_on=made.day(-1), **made.proved)


def test_a_letter_is_not_of_the_future(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="ne se date pas dans l’avenir"):
        commission(made, sent_on=made.day(1), service_on=made.day(2))


def test_a_letter_names_positions_of_its_installation(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="au moins une position"):
        commission(made, positions=[])
    with pytest.raises(ValidationError, match="n’est pas de cette installation"):
        commission(made, positions=[a_dossier().position])


def test_a_letter_without_its_proof_of_sending_proves_nothing(made: Dossier) -> None:
    assert not commission(made, document=None).proved
    assert commission(made).proved


def test_a_location_says_the_place(made: Dossier) -> None:
    row = dossier.send_location(made.position, place=PLACE, sent_on=made.day(0), service_on=made.day(3), **made.proved)

    assert (row.latitude, row.longitude, row.proved) == (49.0, 6.0, True)
    assert LocationNotice.objects.count() == 1


def test_the_commitment_is_that_of_the_authority(made: Dossier) -> None:
    row = dossier.send_commitment(made.installation, sent_on=made.day(0), receipt="RU-74-9", **made.proved)

    assert row.authority == made.authority
    with pytest.raises(ValidationError, match="ne se date pas dans l’avenir"):
        dossier.send_commitment(made.installation, sent_on=made.day(1), receipt="RU-74-9", **made.proved)
    assert CnilCommitment.objects.filter(authority=made.authority).count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signed_on": 1}, "ne se date pas dans l’avenir"),
        ({"opinion_on": 0, "signed_on": -1}, "précède la signature"),
        ({"version": "1"}, "déjà signée"),
    ],
)
def test_an_aipd_is_signed_after_the_opinion_once(made: Dossier, changes: dict[str, Any], words: str) -> None:
    days = {k: made.day(v) for k, v in changes.items() if isinstance(v, int)}
    given: dict[str, Any] = {"version": "2", "signed_on": made.day(0), "opinion_on": made.day(-1)}

    with pytest.raises(ValidationError, match=words):
        dossier.sign_aipd(
            made.installation,
            opinion="favorable",
            residual_high=False,
            review_on=None,
            **{**given, **changes, **days},
            **made.proved,
        )


def test_an_aipd_may_be_signed_without_the_opinion_which_opens_nothing(made: Dossier) -> None:
    row = dossier.sign_aipd(
        made.installation,
        version="2",
        signed_on=made.day(0),
        opinion_on=None,
        opinion="",
        residual_high=False,
        review_on=None,
        **made.proved,
    )

    assert row.opinion_on is None


def test_the_cnil_answers_after_the_aipd_and_not_in_the_future(made: Dossier) -> None:
    signed: date = made.aipd.signed_on

    with pytest.raises(ValidationError, match="ne peut précéder l’AIPD"):
        dossier.record_answer(made.aipd, answered_on=signed.replace(year=2025), allows=True, **made.proved)
    with pytest.raises(ValidationError, match="ne se date pas dans l’avenir"):
        dossier.record_answer(made.aipd, answered_on=made.day(1), allows=True, **made.proved)


# --- panels ----------------------------------------------------------------------------------------------------------
def check(made: Dossier, **changes: Any) -> PanelCheck:
    given = {"checked_on": made.day(0), "present": True, "positions": [made.position], **made.proved, **changes}
    return dossier.check_panel(made.installation.panels.get(), **given)


def test_a_panel_is_proved_by_its_photo_and_the_positions_that_it_covers(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="par sa photo"):
        check(made, document=None)
    with pytest.raises(ValidationError, match="quelles positions"):
        check(made, positions=[])
    with pytest.raises(ValidationError, match="n’est pas de cette installation"):
        check(made, positions=[a_dossier().position])
    with pytest.raises(ValidationError, match="ne se date pas dans l’avenir"):
        check(made, checked_on=made.day(1))
    assert check(made).positions.get() == made.position


def test_a_missing_panel_needs_neither_photo_nor_position(made: Dossier) -> None:
    assert not check(made, present=False, document=None, positions=[]).present


def test_a_panel_code_is_used_once(made: Dossier) -> None:
    panel = made.installation.panels.get()

    with pytest.raises(ValidationError, match="existe déjà"):
        dossier.place_panel(made.installation, code=panel.code, place="x", **made.by)
