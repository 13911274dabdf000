"""What an order may say, and what may befall it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from compliance.actions import order
from compliance.law import PARIS
from compliance.law.terms import OrderKind
from compliance.matrix import Dossier
from compliance.models import Order
from tests.compliance.actions.acts import line, text
from tests.compliance.built import AT, a_dossier, entries

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


def capture(made: Dossier, **changes: Any) -> Order:
    return order.capture(made.installation, text=text(made, **changes), document=None, **made.by)


@pytest.mark.parametrize(
    ("kind", "signed", "ends"),
    [
        (OrderKind.ORDINARY, date(2024, 3, 12), date(2029, 3, 11)),
        (OrderKind.GATHERING, date(2026, 5, 10), date(2026, 9, 9)),
        (OrderKind.GATHERING_PRESCRIBED, date(2026, 5, 10), date(2026, 9, 9)),
        (OrderKind.TERRORISM, date(2026, 5, 10), date(2026, 9, 9)),
        (OrderKind.TERRORISM_PRESCRIBED, date(2026, 5, 10), date(2026, 9, 9)),
    ],
)
def test_a_silent_order_lasts_as_long_as_the_law_allows(
    made: Dossier, kind: OrderKind, signed: date, ends: date
) -> None:
    row = capture(made, kind=kind, signed_on=signed)

    assert (row.starts_on, row.ends_on) == (signed, ends)


def test_the_last_day_that_the_order_writes_wins(made: Dossier) -> None:
    row = capture(made, signed_on=date(2024, 3, 12), starts_on=date(2024, 4, 1), ends_on=date(2027, 3, 31))

    assert (row.starts_on, row.ends_on) == (date(2024, 4, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"starts_on": date(2026, 6, 17)}, "starts_on", "au plus tôt le 18/06/2026"),
        ({"ends_on": date(2026, 6, 17)}, "ends_on", "La fin ne peut précéder le début"),
        ({"ends_on": date(2031, 6, 18)}, "ends_on", "Au plus tard le 17/06/2031"),
        ({"kind": OrderKind.TERRORISM, "ends_on": date(2026, 10, 18)}, "ends_on", "Au plus tard le 17/10/2026"),
        ({"retention_days": 32}, "retention_days", "32 jours dépassent un mois"),
        ({"retention_days": 0}, "retention_days", "0 jours"),
        ({"lines": ()}, "positions", "nomme au moins une position"),
        ({"purposes": ()}, "purposes", "à quelles fins"),
        ({"purposes": (12,)}, "purposes", "de 1° à 11°"),
    ],
)
def test_an_impossible_order_is_not_captured(made: Dossier, changes: dict[str, Any], field: str, words: str) -> None:
    before, journal = Order.objects.count(), entries()

    with pytest.raises(ValidationError) as refusal:
        capture(made, **changes)

    assert words in refusal.value.message_dict[field][0].replace("\u00a0", " ")
    assert Order.objects.count() == before
    assert entries() == journal


def test_an_order_is_captured_once(made: Dossier) -> None:
    capture(made)

    with pytest.raises(ValidationError, match="déjà saisi"):
        capture(made)


def test_an_order_names_a_position_once_and_of_its_installation(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="nommée deux fois"):
        capture(made, lines=(line(made), line(made)))
    with pytest.raises(ValidationError, match="n’est pas de cette installation"):
        capture(made, lines=(line(a_dossier()),))


def test_an_order_for_premises_needs_no_purpose_of_the_street(made: Dossier) -> None:
    assert capture(made, purposes=(), premises=True).premises


@pytest.mark.parametrize("act", [order.suspend, order.withdraw, order.stop])
def test_a_measure_does_not_come_before_the_order(made: Dossier, act: Any) -> None:
    row = capture(made)
    first = datetime(2026, 6, 18, 0, 0, tzinfo=PARIS)

    with pytest.raises(ValidationError, match="ne peut précéder l’arrêté"):
        act(row, since=first - timedelta(microseconds=1), reference="x", **made.by)

    # 22:00 UTC on the eve is already the day of the signature in Paris.
    assert act(row, since=first.astimezone(AT.tzinfo), reference="x", **made.by).since == first


def test_an_ordinary_order_depends_on_no_event(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="aucun événement"):
        order.end_event(made.order, since=AT, reference="x", **made.by)


def test_a_suspension_and_a_stop_are_lifted_once(made: Dossier) -> None:
    for strike in (order.suspend, order.stop):
        measure = strike(made.order, since=AT, reference="x", **made.by)

        assert order.lift(measure, until=AT + timedelta(hours=1), **made.by).until == AT + timedelta(hours=1)
        with pytest.raises(ValidationError, match="Seule une suspension en cours"):
            order.lift(measure, until=AT + timedelta(hours=2), **made.by)


def test_a_withdrawal_is_not_lifted(made: Dossier) -> None:
    measure = order.withdraw(made.order, since=AT, reference="x", **made.by)

    with pytest.raises(ValidationError, match="un retrait demande un nouvel arrêté"):
        order.lift(measure, until=AT, **made.by)


def test_a_measure_is_not_lifted_before_it_bites(made: Dossier) -> None:
    measure = order.suspend(made.order, since=AT, reference="x", **made.by)

    with pytest.raises(ValidationError, match="ne peut précéder la mesure"):
        order.lift(measure, until=AT - timedelta(seconds=1), **made.by)
