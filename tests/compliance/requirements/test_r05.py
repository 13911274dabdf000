from datetime import datetime, timedelta

import pytest

from compliance.facts import Facts, MaskCheck
from compliance.law.terms import Action, PlaceKind
from compliance.requirements.base import Outcome
from compliance.requirements.r05 import REQUIREMENT
from tests.compliance.complete import (
    CHECKED,
    HERE,
    MET,
    NOT_CONCERNED,
    NOW,
    TICK,
    UNMET,
    day_table,
    declaration,
    mixed,
    mounting,
    moved,
    outcome,
    premises,
    reason,
    street,
)

CHANGED = CHECKED + timedelta(days=60)
AGAIN = CHANGED + timedelta(days=1)


def check(at: datetime, *, clean: bool = True, masks: int = 2, snapshot: bool = True) -> MaskCheck:
    return MaskCheck(at, clean=clean, masks=masks, snapshot=snapshot)


TURNED = (declaration(), declaration(since=CHANGED, view=moved(HERE, azimuth=120.0)))
NEW_PURPOSE = (declaration(), declaration(since=CHANGED, purposes=frozenset({1, 4, 5})))
TYPED_AGAIN = (declaration(), declaration(since=CHANGED, kind=PlaceKind.MIXED))
REPLACED = (mounting(until=CHANGED), mounting(reference="Dôme n° 2", since=CHANGED))
BOTH = (check(CHECKED), check(AGAIN))


@day_table(
    {
        "a microsecond before the check": (street(), CHECKED - TICK, UNMET),
        "the instant of the check": (street(), CHECKED, MET),
        "two years later, nothing changed": (street(), NOW, MET),
        "a microsecond before it is turned": (street(declarations=TURNED), CHANGED - TICK, MET),
        "turned": (street(declarations=TURNED), CHANGED, UNMET),
        "turned, a microsecond before the new check": (street(declarations=TURNED, masks=BOTH), AGAIN - TICK, UNMET),
        "turned and checked again": (street(declarations=TURNED, masks=BOTH), AGAIN, MET),
        "a new purpose changes no picture": (street(declarations=NEW_PURPOSE), CHANGED, MET),
        "another kind of place": (street(declarations=TYPED_AGAIN), CHANGED, UNMET),
        "another device": (street(mountings=REPLACED), CHANGED, UNMET),
        "another device, checked": (street(mountings=REPLACED, masks=BOTH), AGAIN, MET),
        "checked at the very instant of the change": (
            street(mountings=REPLACED, masks=(check(CHANGED),)),
            CHANGED,
            MET,
        ),
        "a device taken down": (street(mountings=(mounting(until=CHANGED),)), CHANGED, MET),
        "a dwelling seen": (street(masks=(check(CHECKED), check(AGAIN, clean=False))), AGAIN, UNMET),
        "without a dated snapshot": (street(masks=(check(CHECKED, snapshot=False),)), NOW, UNMET),
        "mixed": (mixed(), NOW, MET),
        "premises": (premises(masks=()), NOW, NOT_CONCERNED),
        "never checked": (street(masks=()), NOW, UNMET),
        "neither declared nor mounted": (street(mountings=(), declarations=()), NOW, NOT_CONCERNED),
    }
)
def test_no_dwelling_is_visible_since_the_last_change(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_reception_test_serves_to_prove_it() -> None:
    assert REQUIREMENT.except_for == {Action.PROBE}


@pytest.mark.parametrize(("masks", "words"), [(0, "aucun masque nécessaire."), (1, "1 masque."), (3, "3 masques.")])
def test_the_number_of_masks_is_said(masks: int, words: str) -> None:
    assert reason(REQUIREMENT, street(masks=(check(CHECKED, masks=masks),)), NOW).endswith(words)


def test_a_check_before_any_declaration_holds() -> None:
    facts = street(declarations=(), mountings=())

    assert REQUIREMENT.check(facts, NOW).outcome is MET
