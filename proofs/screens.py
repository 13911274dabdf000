"""Every page and every act, at every width, in a real browser: `./run proof screens [FOLDER]`.

The pages' pictures are left in the folder given, for a person to look at beside the reference.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from proofs import BASE, write

SWEEP = "tests/journeys/test_every_page.py"


def main() -> int:
    """Run the whole sweep and count; return 1 when anything is wrong with a page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, help="où laisser les images (rien : elles sont jetées)")
    chosen = asked.parse_args().folder
    with tempfile.TemporaryDirectory(prefix="claire-voie-proof-") as thrown_away:
        folder = chosen or Path(thrown_away)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "screens.json").unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", SWEEP],
            cwd=BASE,
            env=os.environ | {"CLAIREVOIE_SCREENS": str(folder.resolve())},
            check=False,
        )
        seen = json.loads((folder / "screens.json").read_text())
    write(
        "screens",
        {
            "exit": done.returncode,
            "screens": len(set(seen["screens"])),
            "widths": seen["widths"],
            "faults": seen["faults"],
            "undecided_by_axe": seen["undecided"],
        },
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
