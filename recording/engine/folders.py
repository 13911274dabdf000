"""Makes folders private and their changes durable; it knows nothing of what they hold."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the files created in, or removed from, a folder durable: syncing a file does not sync its name."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folders(folder: Path) -> list[Path]:
    """Make a folder and its missing parents, 0700; return those that changed and must be synced, the highest first."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    return [path.parent for path in reversed(missing)]
