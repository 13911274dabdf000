"""Long campaigns, never in CI: `./run proof NAME` runs one and writes its figures with their date and commit."""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

BASE: Final = Path(__file__).resolve().parent.parent


def commit() -> str:
    """Return the commit being measured; `+` says that the tree was not clean, figures just measured apart."""
    run = ["git", "-C", str(BASE)]
    short = subprocess.run([*run, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    status = [*run, "status", "--porcelain", "-uno", "--", ".", ":!docs/figures"]
    dirty = subprocess.run(status, capture_output=True, text=True, check=True)
    return short.stdout.strip() + ("+" if dirty.stdout.strip() else "")


def write(name: str, figures: dict[str, Any]) -> Path:
    """Write the figures of a campaign or a measure, and print them."""
    path = BASE / "docs" / "figures" / f"{name}.json"
    told = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "cores": os.cpu_count(),
    } | figures
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    print(path.read_text())
    return path
