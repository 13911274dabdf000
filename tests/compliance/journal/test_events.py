"""Events are declared once, completely, and kept three years at most."""

from datetime import UTC, datetime
from string import Formatter

import pytest

from compliance import events
from compliance.events import Event, Operation

AT = datetime(2026, 11, 19, 13, 32, tzinfo=UTC)


def test_every_operation_of_r253_5_has_events() -> None:
    declared = {event.kind for event in events.EVENTS.values()}

    assert declared >= {Operation.COLLECTE, Operation.CONSULTATION, Operation.EFFACEMENT, Operation.ACTE}


def test_an_event_is_found_by_its_code() -> None:
    assert events.get("account.sign_in_failed").say({"login": "x"}) == "Échec de connexion avec l’identifiant « x »"


def test_an_unknown_event_is_an_error() -> None:
    with pytest.raises(events.UnknownEvent, match=r"order\.invented"):
        events.get("order.invented")


def test_the_registry_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        events.EVENTS["order.invented"] = Event("order.invented", "Inventé", Operation.ACTE)  # type: ignore[index]


def test_a_missing_key_is_named() -> None:
    with pytest.raises(events.MissingKey, match=r"recording\.run\.stopped: reason, seconds"):
        events.get("recording.run.stopped").check({"camera"})


def test_an_undeclared_key_is_named() -> None:
    with pytest.raises(events.UndeclaredKey, match=r"account\.sign_in_failed: password"):
        events.get("account.sign_in_failed").check({"login", "password"})


def test_an_optional_key_may_be_given_or_not() -> None:
    failed = events.get("account.sign_in_failed")

    failed.check({"login"})
    failed.check({"login", "address"})


@pytest.mark.parametrize("event", events.EVENTS.values(), ids=lambda event: event.code)
def test_every_sentence_is_said_from_required_keys_alone(event: Event) -> None:
    spoken = event.say({key: f"<{key}>" for key in event.keys})

    for name in {name for _, name, _, _ in Formatter().parse(event.sentence) if name}:
        assert f"<{name}>" in spoken
    assert "{" not in spoken


@pytest.mark.parametrize("event", events.EVENTS.values(), ids=lambda event: event.code)
def test_no_event_is_kept_more_than_three_years(event: Event) -> None:
    assert AT < event.term(AT) <= AT.replace(year=AT.year + 3)


def test_a_person_is_always_a_personal_key() -> None:
    for event in events.EVENTS.values():
        named = {"person", "login", "motive_text", "recipients"} & (event.keys | event.optional)

        assert named <= event.personal, event.code


def test_years_are_calendar_years_even_from_a_leap_day() -> None:
    event = events.get("account.signed_out")

    assert event.term(datetime(2028, 2, 29, 8, tzinfo=UTC)) == datetime(2031, 2, 28, 8, tzinfo=UTC)
    assert event.term(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2029, 12, 31, 23, 59, tzinfo=UTC)


def test_a_shorter_time_crosses_the_end_of_the_year() -> None:
    event = Event("a.b", "Essai", Operation.ACTE, keep_months=3)

    assert event.term(datetime(2026, 11, 30, tzinfo=UTC)) == datetime(2027, 2, 28, tzinfo=UTC)


def test_values_are_said_in_french() -> None:
    said = events.get("gate.changed").say({"allowed": False, "action": "record", "codes": ["R-08"], "reasons": []})

    assert said == "La porte répond non à « enregistrer »"
    assert events.get("consultation.refused").say({"codes": ["R-08", "R-27"]}) == "Consultation refusée : R-08, R-27"
    assert events.get("account.signed_out").say({}) == "Déconnexion"
    assert events.get("consultation.refused").say({}) == "Consultation refusée : …"
    assert events.get("gate.changed").say({"allowed": True, "action": "share"}) == "La porte répond oui à « share »"


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        (Event("Order", "Essai", Operation.ACTE), "dotted"),
        (Event("a.b", "Essai", Operation.ACTE, keys=frozenset({"Nom"})), "not a key: Nom"),
        (Event("a.b", "Essai", Operation.ACTE, keys=frozenset({"position"})), "subject: position"),
        (Event("a.b", "Essai", Operation.ACTE, keys=frozenset({"n"}), optional=frozenset({"n"})), "optional: n"),
        (Event("a.b", "Essai", Operation.ACTE, personal=frozenset({"n"})), "personal but not declared: n"),
        (Event("a.b", "Essai {n}", Operation.ACTE, optional=frozenset({"n"})), "not required: n"),
        (Event("a.b", "Essai", Operation.ACTE, keep_months=37), "R253-5"),
        (Event("a.b", "Essai", Operation.ACTE, keep_months=0), "R253-5"),
    ],
)
def test_a_bad_declaration_stops_the_process(event: Event, fault: str) -> None:
    with pytest.raises(events.BadDeclaration, match=fault):
        events.declare((event,))


def test_a_code_is_declared_once() -> None:
    with pytest.raises(events.BadDeclaration, match="twice"):
        events.declare((Event("a.b", "Un", Operation.ACTE),), (Event("a.b", "Deux", Operation.ACTE),))
