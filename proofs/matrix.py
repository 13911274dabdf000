"""The gate's matrix and the journal, on a new demonstration commune: `./run proof matrix`."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from proofs import BASE, write


def main() -> int:
    """Seed, ask the matrix, verify the journal; return 1 when either finds a difference."""
    with tempfile.TemporaryDirectory(prefix="claire-voie-proof-") as folder:
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        env |= {
            "CLAIREVOIE_HOME": str(Path(folder) / "home"),
            "CLAIREVOIE_DEMO": "1",
            "CLAIREVOIE_SIMULATOR": env.get("CLAIREVOIE_SIMULATOR", "rtsp://127.0.0.1:8554"),
        }
        for command in (("migrate", "--verbosity", "0"), ("createcachetable",), ("seed_demo",)):
            subprocess.run([sys.executable, "manage.py", *command], cwd=BASE, env=env, check=True, stdout=sys.stderr)
        matrix, journal = manage(env, "gate_matrix"), manage(env, "verify_journal")
    write("matrix", {"gate_matrix": matrix, "verify_journal": journal})
    return int(bool(matrix["exit"] or journal["exit"]))


def manage(env: dict[str, str], command: str) -> dict[str, Any]:
    """Run a command that answers in JSON; return the answer, without its long lists, and its exit code."""
    done = subprocess.run(
        [sys.executable, "manage.py", command, "--json"], cwd=BASE, env=env, capture_output=True, text=True, check=False
    )
    answer = json.loads(done.stdout)
    short = {key: len(value) if isinstance(value, list) else value for key, value in answer.items()}
    return {"exit": done.returncode, **short}


if __name__ == "__main__":
    sys.exit(main())
