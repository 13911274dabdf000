"""An entry typed by mistake: it counts for nothing at any instant, stays in its table, and what replaces it answers."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from compliance import gate
from compliance.actions import dossier, habilitation, mistake, order, people, position
from compliance.actions.mistake import BELONGS, NAMES, RIGHTS, Words
from compliance.matrix import Dossier, Plan
from compliance.matrix.dossier import SIGHT
from compliance.models import Agreement, AgreementMeasure, Body, Habilitation, Order, OrderMeasure
from compliance.models.dossier import Act
from tests.compliance.actions.acts import line, somebody, text
from tests.compliance.built import AT, a_dossier, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WORDS = Words({"ends_on": "Prend fin le", "number": "Numéro"})


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


def here(made: Dossier, reason: str = "date mal lue") -> dict[str, Any]:
    return {"installation": made.installation, "reason": reason, **made.by}


def opens(made: Dossier, action: gate.Action = gate.Action.RECORD, *, at: Any = AT) -> bool:
    agent = made.agent if action is gate.Action.WATCH else None
    return gate.decide(action, made.position, at=at, agent=agent).allowed


def test_what_is_voided_counts_for_nothing_at_any_instant_and_stays(made: Dossier) -> None:
    struck = order.withdraw(made.order, since=AT - timedelta(days=2), reference="mauvais arrêté", **made.by)
    assert (opens(made), opens(made, at=AT - timedelta(days=1))) == (False, False)

    mistake.void(struck, **here(made))

    assert (opens(made), opens(made, at=AT - timedelta(days=1))) == (True, True)
    kept = OrderMeasure.ever.get()
    assert (kept.void_at, kept.void_reason) == (AT, "date mal lue")
    assert not OrderMeasure.objects.exists()


def test_an_order_captured_with_a_wrong_date_is_corrected_and_the_first_is_kept(made: Dossier) -> None:
    wrong = order.capture(made.installation, text=text(made, number="2026-7", ends_on=made.day(3)), **made.by)
    last = made.day(30)
    anew = partial(order.capture, made.installation, text=text(made, number="2026-7", ends_on=last), **made.by)

    right = mistake.replace(wrong, anew=anew, words=WORDS, **here(made))

    assert (right.corrects, Order.objects.get(number="2026-7").ends_on) == (wrong, last)
    assert Order.ever.filter(number="2026-7").count() == 2
    told = Body.objects.get(entry__event="entry.corrected").values
    assert told["changes"] == [f"Prend fin le : {made.day(3):%d/%m/%Y} → {last:%d/%m/%Y}"]
    assert (told["what"], told["reason"]) == ("arrêté 2026-7", "date mal lue")


def test_a_line_typed_in_the_wrong_annex_goes_and_is_told(made: Dossier) -> None:
    other = position.declare(made.installation, code="VAL-77", address="x", sight=SIGHT, since=AT, **made.by)
    both = (line(made), replace(line(made), position=other))
    wrong = order.capture(made.installation, text=text(made, number="2026-7", lines=both), **made.by)
    anew = partial(order.capture, made.installation, text=text(made, number="2026-7"), **made.by)

    right = mistake.replace(wrong, anew=anew, words=WORDS, **here(made))

    assert [kept.position for kept in right.lines.all()] == [made.position]
    (change,) = Body.objects.get(entry__event="entry.corrected").values["changes"]
    assert (change.startswith("annexe, VAL-77 : "), change.endswith("→ rien")) == (True, True)


def test_what_befell_an_order_follows_its_correction(made: Dossier) -> None:
    struck = order.suspend(made.order, since=AT, reference="S-1", **made.by)
    whole = {"purposes": (1, 5), "premises": True, "retention_days": 30, "signed_on": made.order.signed_on}
    anew = partial(order.capture, made.installation, text=text(made, number="2026-7", **whole), **made.by)

    right = mistake.replace(made.order, anew=anew, words=WORDS, **here(made))

    followed = right.measures.get()
    assert (followed.since, followed.recorded_at, followed.corrects) == (AT, struck.recorded_at, struck)
    assert not opens(made)
    order.lift(followed, until=AT, **made.by)
    assert opens(made)


def test_an_order_that_should_not_exist_goes_with_its_measures(made: Dossier) -> None:
    order.suspend(made.order, since=AT, reference="S-1", **made.by)

    mistake.void(made.order, **here(made))

    assert not OrderMeasure.objects.exists()
    assert not opens(made)
    assert order.capture(made.installation, text=text(made, number=made.order.number), **made.by)


def test_a_correction_never_gives_back_what_was_withdrawn(made: Dossier) -> None:
    habilitation.withdraw_habilitation(made.title, since=AT, **made.by)

    def again() -> Habilitation:
        return habilitation.habilitate(made.agent, installation=made.installation, title=_title(made), **made.by)

    fresh = mistake.replace(made.title, anew=again, words=Words(), **here(made))

    assert (fresh.withdrawn_at, fresh.end_recorded_at) == (AT, AT)
    assert not opens(made, gate.Action.WATCH)


def test_a_withdrawal_typed_for_the_wrong_person_is_taken_back_alone(made: Dossier) -> None:
    habilitation.withdraw_habilitation(made.title, since=AT, **made.by)
    assert not opens(made, gate.Action.WATCH)

    fresh = mistake.void_end(made.title, **here(made, "mauvaise personne"))

    assert opens(made, gate.Action.WATCH)
    assert (fresh.withdrawn_at, fresh.end_recorded_at, fresh.act) == (None, None, made.title.act)
    assert list(fresh.positions.all()) == [made.position]
    kept = Habilitation.ever.get(pk=made.title.pk)
    assert (kept.withdrawn_at, kept.void_reason) == (AT, "mauvaise personne")


def test_an_end_kept_by_a_correction_keeps_when_it_was_entered(made: Dossier) -> None:
    people.end_mandate(made.mandate, ends_on=made.day(2), installation=made.installation, **made.by)
    later = {"at": AT + timedelta(days=1), "by": made.by["by"]}
    start = partial(people.start_mandate, made.authority, person=made.mandate.person, installation=made.installation)

    kept = mistake.replace(
        made.mandate,
        anew=partial(start, starts_on=made.day(-200), ends_on=made.day(2), **later),
        words=Words(),
        installation=made.installation,
        reason="jour de l’élection",
        **later,
    )
    moved = mistake.replace(
        kept,
        anew=partial(start, starts_on=made.day(-200), ends_on=made.day(5), **later),
        words=Words(),
        installation=made.installation,
        reason="dernier jour",
        **later,
    )

    assert (kept.end_recorded_at, moved.end_recorded_at) == (AT, None)


def test_an_entry_is_corrected_once(made: Dossier) -> None:
    mistake.void(made.title, **here(made))

    for again in (mistake.void, mistake.void_end):
        with pytest.raises(ValidationError):
            again(made.title, **here(made))


def test_what_differs_in_nothing_is_not_a_correction(made: Dossier) -> None:
    notice = made.installation.notices.get()
    same = partial(
        dossier.send_commissioning,
        made.installation,
        positions=[made.position],
        sent_on=notice.sent_on,
        service_on=notice.service_on,
        document=made.document,
        **made.by,
    )

    with pytest.raises(ValidationError, match="Rien ne diffère"):
        mistake.replace(notice, anew=same, words=Words(), **here(made))


def test_the_only_declaration_of_a_position_is_not_voided(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="se corrige"):
        mistake.void(made.position.declarations.get(), **here(made))


def test_each_kind_is_open_to_the_right_that_entered_it_and_to_no_other(made: Dossier) -> None:
    clerk = an_account(somebody(made), "secrétaire")
    people.grant_right(made.installation, account=clerk, right="file", **made.by)
    given = {"installation": made.installation, "reason": "essai", "at": AT, "by": clerk}

    for refused in (made.order, made.title, made.aipd, made.employment):
        with pytest.raises(PermissionDenied, match="un droit"):
            mistake.void(refused, **given)
    mistake.void(made.installation.notices.get(), **given)


def test_a_right_on_one_installation_corrects_nothing_of_another(made: Dossier) -> None:
    neighbour = a_dossier()
    clerk = an_account(somebody(made), "secrétaire")
    for right in ("capture_order", "habilitate", "file"):
        people.grant_right(made.installation, account=clerk, right=right, **made.by)
    given = {"installation": made.installation, "reason": "essai", "at": AT, "by": clerk}

    for foreign in (neighbour.order, neighbour.title, neighbour.mandate, neighbour.employment):
        with pytest.raises(PermissionDenied):
            mistake.void(foreign, **given)


def test_nobody_takes_back_what_struck_their_own_title(made: Dossier) -> None:
    risky = a_dossier(Plan())
    me = an_account(risky.agent, "moi")
    people.grant_right(risky.installation, account=me, right="habilitate", **risky.by)
    mine = {"installation": risky.installation, "reason": "à mon avis", "at": AT, "by": me}
    held = habilitation.record_agreement(
        risky.agent,
        installation=risky.installation,
        number="AG",
        signed_on=risky.day(0),
        starts_on=risky.day(0),
        ends_on=None,
        **risky.by,
    )
    struck = habilitation.suspend_agreement(held, installation=risky.installation, since=AT, **risky.by)
    habilitation.withdraw_habilitation(risky.title, since=AT, **risky.by)

    for attempt in (partial(mistake.void, struck), partial(mistake.void_end, risky.title)):
        with pytest.raises(ValidationError, match="à soi-même"):
            attempt(**mine)
    assert (AgreementMeasure.objects.count(), Agreement.objects.count()) == (1, 1)


def test_every_kind_of_entry_has_its_right_its_name_and_its_installation() -> None:
    assert set(RIGHTS) == set(NAMES) == set(BELONGS)
    assert all(issubclass(kind, Act) for kind in RIGHTS)


def _title(made: Dossier) -> habilitation.Title:
    held = made.title
    return habilitation.Title(
        category=made.plan.category,
        act="arrêté n° 32",
        signatory=held.signatory,
        signed_on=held.signed_on,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        actions=(gate.Action.WATCH,),
        positions=(made.position,),
    )
