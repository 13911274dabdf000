from datetime import date, datetime

from compliance.facts import Aipd, Facts, Reply
from compliance.requirements.base import Outcome
from compliance.requirements.r23 import REQUIREMENT
from tests.compliance.complete import (
    MET,
    NOT_CONCERNED,
    NOW,
    UNMET,
    day_table,
    first_instant,
    just_before,
    last_instant,
    outcome,
    reason,
    risky,
    street,
)

OPINION, SIGNED, ANSWERED, AGAIN = date(2024, 3, 25), date(2024, 4, 2), date(2024, 4, 25), date(2025, 2, 1)
SECOND, THIRD = date(2025, 6, 2), date(2026, 1, 12)


def aipd(*replies: Reply, version: str = "1", **changes: object) -> Aipd:
    values = {"signed_on": SIGNED, "opinion_on": OPINION, "residual_high": True, **changes}
    return Aipd(version, replies=replies, **values)  # type: ignore[arg-type]


YES, NO = Reply(ANSWERED, allows=True), Reply(AGAIN, allows=False)
LOW_AFTER = aipd(version="2", signed_on=SECOND, opinion_on=SECOND, residual_high=False)
LOW_WITHOUT_OPINION = aipd(version="2", signed_on=SECOND, opinion_on=None, residual_high=False)
HIGH_AFTER = aipd(version="2", signed_on=SECOND, opinion_on=SECOND)
HIGH_WITHOUT_OPINION = aipd(version="2", signed_on=SECOND, opinion_on=None)
LOW_AT_LAST = aipd(version="3", signed_on=THIRD, opinion_on=THIRD, residual_high=False)


@day_table(
    {
        "before the AIPD": (risky(), just_before(SIGNED), NOT_CONCERNED),
        "signed, the answer is awaited": (risky(), first_instant(SIGNED), UNMET),
        "a microsecond before the answer": (risky(), just_before(ANSWERED), UNMET),
        "the day of the answer": (risky(), first_instant(ANSWERED), MET),
        "two years later": (risky(), NOW, MET),
        "allowed, the last day before the CNIL opposes": (street(aipds=(aipd(YES, NO),)), just_before(AGAIN), MET),
        "allowed, then opposed": (street(aipds=(aipd(YES, NO),)), first_instant(AGAIN), UNMET),
        "opposed": (street(aipds=(aipd(NO),)), NOW, UNMET),
        "a second version without the risk": (street(aipds=(aipd(), LOW_AFTER)), first_instant(SECOND), NOT_CONCERNED),
        "the day before the second version": (street(aipds=(aipd(), LOW_AFTER)), just_before(SECOND), UNMET),
        "a second version without opinion hides nothing": (street(aipds=(aipd(), LOW_WITHOUT_OPINION)), NOW, UNMET),
        "a second version with the risk": (street(aipds=(aipd(YES), HIGH_AFTER)), first_instant(SECOND), UNMET),
        "the last day of the first version": (
            street(aipds=(aipd(YES), HIGH_AFTER)),
            last_instant(date(2025, 6, 1)),
            MET,
        ),
        "a risk told without opinion": (street(aipds=(aipd(YES), HIGH_WITHOUT_OPINION)), NOW, UNMET),
        "the only version, told without opinion": (street(aipds=(HIGH_WITHOUT_OPINION,)), NOW, UNMET),
        "a third version without the risk": (street(aipds=(aipd(), HIGH_AFTER, LOW_AT_LAST)), NOW, NOT_CONCERNED),
        "no high risk": (street(), NOW, NOT_CONCERNED),
        "no AIPD": (street(aipds=()), NOW, NOT_CONCERNED),
    }
)
def test_a_high_risk_waits_for_the_cnil(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_reason_tells_waiting_from_opposition() -> None:
    assert "est attendue" in reason(REQUIREMENT, street(aipds=(aipd(),)), NOW)
    assert "s’est opposée" in reason(REQUIREMENT, street(aipds=(aipd(NO),)), NOW)
    assert "a répondu le 25\u00a0avril\u00a02024" in reason(REQUIREMENT, risky(), NOW)
