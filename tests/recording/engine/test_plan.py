"""The recorder's plan: every phase, every answer, to the second."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recording.engine.plan import (
    BACK_OFF,
    Announce,
    Answer,
    Forget,
    Ingest,
    Kill,
    Limits,
    Phase,
    Renew,
    Start,
    Stop,
    announced,
    closing,
    darkened,
    deadline_of,
    failed,
    heard,
    plan,
    ready,
    renewed,
    started,
)

LIMITS = Limits(silence=3, linger=0.4, sound=60)
NOW = 1000.0
OPEN = Answer(allowed=True, deadline=NOW + 900, device="a")
SHUT = Answer(allowed=False, deadline=NOW + 900, device="a", codes=("R-10", "R-50"))
MUTE = Answer(allowed=False, deadline=NOW + 900, device="a", codes=("R-50",))
RUNNING = Ingest(Phase.RUNNING, since=NOW - 10, device="a", deadline=NOW + 100, heard=NOW - 1)


def one(ingest: Ingest, answer: Answer | None, now: float = NOW) -> object:
    commands = plan({7: ingest}, {} if answer is None else {7: answer}, now, LIMITS)
    assert len(commands) <= 1
    return commands[0] if commands else None


def test_a_camera_that_the_gate_opens_is_announced_before_it_is_started() -> None:
    assert plan({}, {7: OPEN}, NOW, LIMITS) == (Announce(7),)

    ingest = announced(Ingest(), now=NOW, device="a")
    assert one(ingest, OPEN) is None

    assert one(ready(ingest, now=NOW), OPEN) == Start(7, NOW + 900)


@pytest.mark.parametrize("answer", [SHUT, MUTE, None, Answer(allowed=True, deadline=NOW, device="a")])
def test_nothing_starts_without_a_lease_in_hand(answer: Answer | None) -> None:
    assert one(Ingest(), answer) is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (SHUT, "R-10 R-50"),
        (None, "removed"),
        (MUTE, "lease"),
        (Answer(allowed=True, deadline=NOW + 900, device="b"), "changed"),
        (Answer(allowed=True, deadline=NOW, device="a"), "lease"),
    ],
)
def test_an_announced_run_that_the_gate_no_longer_opens_does_not_take_place(answer: Answer | None, reason: str) -> None:
    assert one(ready(announced(Ingest(), now=NOW, device="a"), now=NOW), answer) == Forget(7, reason)


def test_a_running_camera_has_its_lease_renewed_as_long_as_the_gate_says_yes() -> None:
    assert one(RUNNING, OPEN) == Renew(7, NOW + 900)


def test_a_lease_may_become_shorter() -> None:
    assert one(RUNNING, Answer(allowed=True, deadline=NOW + 2, device="a")) == Renew(7, NOW + 2)


def test_a_refusal_closes_the_camera_at_once() -> None:
    assert one(RUNNING, SHUT) == Stop(7, "R-10 R-50")


def test_a_camera_taken_out_of_the_list_is_closed() -> None:
    assert one(RUNNING, None) == Stop(7, "removed")


def test_another_address_asks_for_another_run() -> None:
    assert one(RUNNING, Answer(allowed=True, deadline=NOW + 900, device="b")) == Stop(7, "changed")


LIVE = replace(OPEN, codes=("R-47",), keeps=False)


def test_a_camera_whose_images_may_no_longer_be_kept_ends_its_run_and_starts_another_that_keeps_nothing() -> None:
    assert one(RUNNING, LIVE) == Stop(7, "R-47")

    ingest = announced(darkened(RUNNING), now=NOW, device="a", keeps=False)
    assert one(ready(ingest, now=NOW), LIVE) == Start(7, NOW + 900)
    shown = started(ready(ingest, now=NOW), now=NOW, deadline=NOW + 900)
    assert one(shown, LIVE) == Renew(7, NOW + 900)


def test_a_camera_whose_images_may_be_kept_again_ends_the_run_that_kept_nothing() -> None:
    assert one(replace(RUNNING, keeps=False), OPEN) == Stop(7, "restored")
    assert one(replace(RUNNING, phase=Phase.READY, keeps=False), OPEN) == Forget(7, "restored")


def test_a_run_that_keeps_nothing_does_not_wait_for_the_journal() -> None:
    assert one(replace(RUNNING, keeps=False), replace(SHUT, codes=("R-47", "R-50"), keeps=False)) == Stop(
        7, "R-47 R-50"
    )


def test_without_the_journal_a_recording_runs_to_the_end_of_its_lease_and_not_beyond() -> None:
    assert one(RUNNING, MUTE) == Renew(7, NOW + 100)
    assert one(RUNNING, MUTE, now=NOW + 1.9) == Renew(7, NOW + 100)

    alive = Ingest(Phase.RUNNING, since=NOW, device="a", deadline=NOW + 100, heard=NOW + 99)
    assert one(alive, MUTE, now=NOW + 100) == Stop(7, "lease")


def test_without_the_journal_an_expiry_still_bites() -> None:
    expiring = Answer(allowed=False, deadline=NOW + 5, device="a", codes=("R-50",))

    assert one(RUNNING, expiring) == Renew(7, NOW + 5)


def test_a_lapsed_lease_stops_the_camera_even_if_nobody_said_no() -> None:
    assert one(RUNNING, Answer(allowed=True, deadline=NOW, device="a")) == Stop(7, "lease")


def test_a_silent_ingest_is_killed_whatever_the_gate_says() -> None:
    assert one(RUNNING, OPEN, now=NOW + 2.1) == Kill(7, "hung")
    assert one(RUNNING, SHUT, now=NOW + 2.1) == Kill(7, "hung")


def test_an_ingest_that_speaks_and_is_renewed_lives_on() -> None:
    ingest = renewed(heard(RUNNING, now=NOW + 2), deadline=NOW + 900)

    assert one(ingest, OPEN, now=NOW + 4.9) == Renew(7, NOW + 900)
    assert one(ingest, MUTE, now=NOW + 4.9) == Renew(7, NOW + 900)


def test_an_ingest_that_lingers_once_asked_to_close_is_killed() -> None:
    ingest = closing(RUNNING, now=NOW)

    assert one(ingest, OPEN, now=NOW + 0.3) is None
    assert one(ingest, OPEN, now=NOW + 0.5) == Kill(7, "lingers")


def test_what_the_recorder_closed_may_start_again_at_once() -> None:
    assert one(darkened(closing(RUNNING, now=NOW)), OPEN) == Announce(7)


def test_what_fails_again_and_again_waits_longer_each_time() -> None:
    ingest, waits = Ingest(), []
    for _ in range(8):
        ingest = failed(started(ingest, now=NOW, deadline=NOW + 900), now=NOW, limits=LIMITS)
        waits.append(ingest.not_before - NOW)

    assert waits == [*BACK_OFF, 60, 60] == [1, 2, 5, 10, 30, 60, 60, 60]
    assert one(ingest, OPEN, now=NOW + 59) is None
    assert one(ingest, OPEN, now=NOW + 60) == Announce(7)


def test_a_failure_after_a_sound_run_waits_one_second_only() -> None:
    ingest = Ingest(Phase.RUNNING, since=NOW, failures=5)

    assert failed(ingest, now=NOW + 60, limits=LIMITS) == Ingest(failures=1, not_before=NOW + 61)


def test_each_camera_is_judged_alone() -> None:
    commands = plan({1: RUNNING, 2: RUNNING}, {1: OPEN, 2: SHUT, 3: OPEN}, NOW, LIMITS)

    assert commands == (Renew(1, NOW + 900), Stop(2, "R-10 R-50"), Announce(3))


def test_a_deadline_is_the_lease_or_the_expiry_whichever_comes_first() -> None:
    wall = datetime(2026, 3, 11, 22, 59, 50, tzinfo=UTC)
    midnight = datetime(2026, 3, 11, 23, 0, tzinfo=UTC)

    assert deadline_of(midnight, lease=900, heard=NOW - 1, monotonic=NOW, wall=wall) == NOW + 10
    assert deadline_of(midnight + timedelta(hours=1), lease=900, heard=NOW - 1, monotonic=NOW, wall=wall) == NOW + 899


def test_a_busy_machine_may_take_its_time_to_start_an_ingest_but_not_for_ever() -> None:
    starting = replace(RUNNING, since=NOW - 10, heard=NOW - 10)
    dead = replace(RUNNING, since=NOW - 21, heard=NOW - 21)
    answers = {1: Answer(allowed=True, deadline=NOW + 100, device="a")}

    assert plan({1: starting}, answers, NOW, LIMITS) == (Renew(1, NOW + 100),)
    assert plan({1: dead}, answers, NOW, LIMITS) == (Kill(1, "hung"),)
