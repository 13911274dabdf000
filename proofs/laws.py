"""Ten thousand sequences of acts: the gate against a naive re-reading of the rows: `./run proof laws [--examples N]`.

One shard per core, each with its own database in memory and its own seed. A difference stops the campaign, and so does
a campaign that proves nothing: every blocking requirement must have been seen blocking, and met.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from proofs import BASE, commit, write

EXAMPLES, ROUND = 10_000, 250
SEED = 20_260_403


def main() -> int:
    """Start the shards, print their progress, add up what they did; return 1 on a difference or an empty proof."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--examples", type=int, default=EXAMPLES)
    asked.add_argument("--shards", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--seed", type=int, default=SEED)
    given = asked.parse_args()
    measured, began = commit(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="claire-voie-laws-") as folder:
        shards = [
            start(Path(folder), number, given.seed + number, -(-given.examples // given.shards))
            for number in range(given.shards)
        ]
        codes = [process.wait() for process in shards]
        found = [json.loads(path.read_text()) for path in sorted(Path(folder).glob("*.json"))]
    if any(codes) or len(found) < given.shards:
        print("Une différence, ou un processus arrêté : voir plus haut.", file=sys.stderr)
        return 1
    total = added(found)
    never = sorted(set(total["blocking_requirements"]) - set(total["seen_blocking"]))
    never += sorted(set(total["blocking_requirements"]) - set(total["seen_met"]))
    spent = {"seconds": round(time.monotonic() - began), "shards": given.shards, "seed": given.seed}
    write("laws", {"commit": measured, "differences": 0, **total, "never_seen": never, **spent})
    return int(bool(never) or total["examples"] < given.examples)


def start(folder: Path, number: int, seed: int, examples: int) -> "subprocess.Popen[bytes]":
    """Start one shard in its own state folder."""
    env = {k: v for k, v in os.environ.items() if k not in ("REDIS_URL", "CLAIREVOIE_DEMO")}
    env |= {
        "CLAIREVOIE_HOME": str(folder / f"home{number}"),
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [
        sys.executable,
        "-c",
        f"from proofs.laws import shard; shard({number}, {seed}, {examples}, {str(folder)!r})",
    ]
    return subprocess.Popen(command, cwd=BASE, env=env)


def shard(number: int, seed: int, examples: int, folder: str) -> None:
    """Play the examples in rounds, each from a seed of its own; write what was done."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    from compliance.requirements import CATALOGUE
    from tests.compliance.oracle.campaign import Sequence, Tally, play, sequences

    call_command("migrate", verbosity=0)
    gc.freeze()
    tally, began = Tally(), time.monotonic()
    with transaction.atomic():
        turn = 0
        while tally.examples < examples:
            turn += 1

            @seeded(seed * 1_000 + turn)
            @settings(
                max_examples=min(ROUND, examples - tally.examples),
                deadline=None,
                database=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            )
            @given(sequence=sequences)
            def round_of_sequences(sequence: Sequence) -> None:
                play(sequence, tally)

            round_of_sequences()
            print(
                f"{number} : {tally.examples}/{examples}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True
            )
    blocking = [r.code for r in CATALOGUE if r.blocks.value != "NO"]
    Path(folder, f"{number}.json").write_text(json.dumps(vars(tally) | {"blocking_requirements": blocking}))


def added(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Add up the shards."""
    counters: dict[str, Counter[str]] = {name: Counter() for name in ("verdicts", "blocking", "met")}
    for told in found:
        for name, counter in counters.items():
            counter.update(told[name])
    numbers = ("examples", "acts", "refused_acts", "questions", "leases")
    return {
        **{name: sum(told[name] for told in found) for name in numbers},
        "verdicts": dict(sorted(counters["verdicts"].items())),
        "seen_blocking": dict(sorted(counters["blocking"].items())),
        "seen_met": dict(sorted(counters["met"].items())),
        "blocking_requirements": found[0]["blocking_requirements"],
    }


if __name__ == "__main__":
    sys.exit(main())
