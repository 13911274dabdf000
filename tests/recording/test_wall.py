"""Whether the wall clock may be believed: within a start of the machine, across a restart, to the minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.wall import PLAUSIBLE_STOP, TOLERANCE, Against, Doubt, Reading, doubt, expected, in_words, sure

AT = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
LAST = Reading(AT, "boot-1", 5000.0)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEAR = timedelta(days=365)
STEPS = st.timedeltas(min_value=-YEAR * 3, max_value=YEAR * 3)
SPANS = st.timedeltas(min_value=timedelta(0), max_value=YEAR)


def later(counted: timedelta, *, step: timedelta = timedelta(0)) -> Reading:
    """Return a reading of the same start, `counted` after the last right one, the wall clock having been moved."""
    return Reading(LAST.at + counted + step, LAST.boot, LAST.up + counted.total_seconds())


def restarted(stopped: timedelta, *, up: timedelta = MINUTE) -> Reading:
    """Return a reading of another start, the wall clock saying that the machine was off that long."""
    return Reading(LAST.at + stopped + up, "boot-2", up.total_seconds())


def test_a_machine_that_has_never_recorded_has_nothing_to_compare() -> None:
    assert doubt(None, LAST, synchronised=False) is None


@given(counted=SPANS, step=STEPS)
def test_within_a_start_only_the_counted_time_decides(counted: timedelta, step: timedelta) -> None:
    for synchronised in (True, False):
        found = doubt(LAST, later(counted, step=step), synchronised=synchronised, cameras=[timedelta(0)])
        assert (found is not None) == (abs(step) > TOLERANCE)
        if found is not None:
            assert found == Doubt(Against.COUNTED, step)


@pytest.mark.parametrize(
    ("step", "doubted"),
    [
        (timedelta(0), False),
        (10 * MINUTE, False),
        (10 * MINUTE + timedelta(seconds=1), True),
        (YEAR, True),
        (-10 * MINUTE, False),
        (-10 * MINUTE - timedelta(seconds=1), True),
        (-HOUR, True),
        (-YEAR, True),
    ],
)
@pytest.mark.parametrize("counted", [timedelta(seconds=10), 3 * DAY, 40 * DAY])
def test_ten_minutes_are_forgiven_and_no_more(counted: timedelta, step: timedelta, doubted: bool) -> None:
    assert bool(doubt(LAST, later(counted, step=step), synchronised=False)) is doubted


def test_a_machine_that_slept_ten_days_has_counted_them() -> None:
    assert doubt(LAST, later(10 * DAY), synchronised=False) is None


@pytest.mark.parametrize(
    ("stopped", "synchronised", "cameras", "against"),
    [
        # Nothing else gives the hour: a stop of two weeks at most is believed, so that ten days off make ten days due.
        (HOUR, False, [], None),
        (10 * DAY, False, [], None),
        (PLAUSIBLE_STOP - MINUTE, False, [], None),
        (PLAUSIBLE_STOP + MINUTE, False, [], Against.LAST),
        (YEAR, False, [], Against.LAST),
        # NTP gives it.
        (YEAR, True, [], None),
        (YEAR, True, [-YEAR], None),
        # The cameras give it: the middle one decides, so that one camera that was never set does not.
        (YEAR, False, [-YEAR, -YEAR, timedelta(0)], Against.CAMERAS),
        (YEAR, False, [timedelta(0), MINUTE, -YEAR], None),
        (HOUR, False, [10 * MINUTE], None),
        (HOUR, False, [11 * MINUTE], Against.CAMERAS),
        (HOUR, False, [-11 * MINUTE], Against.CAMERAS),
        # Nobody goes back in time while off.
        (-9 * MINUTE, False, [], None),
        (-11 * MINUTE, False, [], Against.LAST),
        (-YEAR, True, [timedelta(0)], Against.LAST),
    ],
)
def test_across_a_restart_another_clock_decides(
    stopped: timedelta, synchronised: bool, cameras: list[timedelta], against: Against | None
) -> None:
    found = doubt(LAST, restarted(stopped), synchronised=synchronised, cameras=cameras)

    assert (found.against if found else None) == against


@given(stopped=STEPS, synchronised=st.booleans(), cameras=st.lists(STEPS, max_size=5))
def test_a_doubt_across_a_restart_always_has_a_reason(
    stopped: timedelta, synchronised: bool, cameras: list[timedelta]
) -> None:
    found = doubt(LAST, restarted(stopped), synchronised=synchronised, cameras=cameras)

    if stopped < -TOLERANCE:
        assert found == Doubt(Against.LAST, stopped)
    elif synchronised:
        assert found is None
    elif found is None:
        assert cameras or stopped <= PLAUSIBLE_STOP
    else:
        assert abs(found.ahead) > TOLERANCE


@given(counted=SPANS, step=STEPS)
def test_what_is_written_down_in_doubt_is_surely_past(counted: timedelta, step: timedelta) -> None:
    now = later(counted, step=step)

    assert sure(LAST, now) <= now.at
    assert sure(LAST, now) <= expected(LAST, now) == LAST.at + counted


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Doubt(Against.COUNTED, YEAR), "en avance de 365\u00a0jours sur le temps compté depuis la dernière heure sûre"),
        (Doubt(Against.COUNTED, -90 * MINUTE), "en retard de 90\u00a0minutes sur le temps compté"),
        (Doubt(Against.CAMERAS, -5 * HOUR), "en retard de 5\u00a0heures sur l’horloge des caméras"),
        (Doubt(Against.LAST, 20 * DAY), "en avance de 20\u00a0jours sur la dernière heure sûre, sans autre horloge"),
    ],
)
def test_a_doubt_is_told_in_words(found: Doubt, words: str) -> None:
    assert in_words(found).startswith(words)
