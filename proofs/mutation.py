"""Mutants of the law, the requirements, the judge and the gate: `./run proof mutation` (mutmut, in a copy of the tree).

Each mutant is one small change of the code: a test must fail. What survives is listed, with the reason, in
`mutation_survivors.toml` beside this file; a survivor that is not there makes the proof fail, and so does one that is
there and is said to be killed: the list is stale, or the campaign kills whatever it meets.

Not mutated: a string with a space in it. It is a sentence that a person reads, proved by the tests of the screens.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofs import BASE, commit, write

AIM, ANSWERS = 95.0, "answers.json"
LISTED = BASE / "proofs" / "mutation_survivors.toml"
KILLED = frozenset({"killed", "timeout"})
DOUBTFUL = 35  # mutmut's own code of what is "suspicious"
PURE = ["tests/compliance/requirements", "tests/compliance/law", "tests/compliance/test_judge.py"]
# Three long properties are left out: what only they would kill is listed as a survivor.
LONG = ("between_two_changes", "without_a_running", "a_real_dossier_only_turns")
PURE += ["tests/compliance/test_facts.py", "-m", "not database", "-k", " and ".join(f"not {name}" for name in LONG)]

GATE = ["tests/compliance/test_gate.py", "tests/compliance/test_glance.py"]


@dataclass(frozen=True, slots=True)
class Pass:
    """What is mutated, and by which tests it is to be killed."""

    only: tuple[str, ...]
    tests: list[str]


PASSES = {
    "law": Pass(("compliance/law/*", "compliance/facts.py", "compliance/judge.py"), PURE),
    "requirements": Pass(("compliance/requirements/*",), PURE),
    "gate": Pass(("compliance/gate.py", "compliance/glance.py"), GATE),
}
TABLE = """
[tool.mutmut]
source_paths = ["compliance"]
only_mutate = {only}
also_copy = {others}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = {args}
use_git_change_detection = false
timeout_constant = 4.0
"""
# mutmut collects twice in one process, and pytest escapes an accent of an id each time: the second name is unknown.
PLAIN = "disable_test_id_escaping_and_forfeit_all_rights_to_community_support=true"
ARGS = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "for_mutants", "--reuse-db", "-o", PLAIN]
# A property that fails has killed its mutant: nobody reads the smallest example. One database, migrated once.
PLUGIN = """
import os
from pathlib import Path

from django.conf import settings as django
from hypothesis import Phase, settings

settings.register_profile("mutants", derandomize=True, database=None, deadline=None, phases=[Phase.generate])
settings.load_profile("mutants")


def pytest_configure():
    path = Path(os.environ["CLAIREVOIE_HOME"]) / "mutants.sqlite3"
    django.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(path)
"""


def main() -> int:
    """Run the passes in copies of the tree; return 1 on an unlisted survivor or under the aim."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--folder", type=Path, help="keep the copies there, and go on where a former run stopped")
    given = asked.parse_args()
    if given.folder is not None:
        return campaign(given.folder)
    with tempfile.TemporaryDirectory(prefix="claire-voie-mutants-") as folder:
        return campaign(Path(folder))


def campaign(folder: Path) -> int:
    """Make the copies that are not there, run those that have not answered, report on all."""
    folder.mkdir(parents=True, exist_ok=True)
    measured = folder / "commit"
    if not measured.exists():
        for name, run in PASSES.items():
            copied(folder / name, run)
        measured.write_text(commit())
    started = {name: started_in(folder / name) for name in PASSES if not (folder / name / ANSWERS).exists()}
    for name, process in started.items():
        if process.wait():
            print(f"{name} : mutmut s’est arrêté.", file=sys.stderr)
            return 1
    mutants = {key: told for name in PASSES for key, told in answers(folder / name).items()}
    return report(mutants, measured.read_text())


def copied(tree: Path, run: Pass) -> None:
    """Copy the tracked files, and tell mutmut what to do with them."""
    tracked = subprocess.run(["git", "-C", str(BASE), "ls-files", "-z"], capture_output=True, text=True, check=True)
    for name in filter(None, tracked.stdout.split("\0")):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(BASE / name, tree / name)
    (tree / "for_mutants.py").write_text(PLUGIN)
    others = sorted(p.name for p in tree.iterdir() if p.name not in ("compliance", "tests", "pyproject.toml"))
    with (tree / "pyproject.toml").open("a") as file:
        file.write(TABLE.format(only=list(run.only), others=others, tests=json.dumps(run.tests), args=json.dumps(ARGS)))


def started_in(tree: Path) -> "subprocess.Popen[bytes]":
    """Start mutmut in a copy."""
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "CLAIREVOIE_DEMO")}
    env |= {"CLAIREVOIE_HOME": str(tree / "home")}
    return subprocess.Popen([sys.executable, "-m", "proofs.mutation", "inside"], cwd=tree, env=env)


def inside() -> int:
    """Run mutmut in the current folder, one mutant at a time, leaving sentences as they are.

    A run whose tests are not found tells nothing of its mutant; left alone, mutmut's child would end as a kill.
    """
    import libcst
    from mutmut import __main__ as mutmut
    from mutmut.mutation import mutators
    from mutmut.runners.harness import BadTestExecutionCommandsException, PytestRunner

    runs = PytestRunner.run_tests

    def runs_or_says_nothing(self: Any, *, mutant_name: str | None, tests: Any) -> int:
        try:
            return runs(self, mutant_name=mutant_name, tests=tests)
        except BadTestExecutionCommandsException:
            if mutant_name is None:
                raise
            return DOUBTFUL

    PytestRunner.run_tests = runs_or_says_nothing

    def words_stay(node: libcst.BaseString) -> Any:
        spaced = isinstance(node, libcst.SimpleString) and " " in node.value
        return () if spaced else mutators.operator_string(node)

    operators: Any = mutators.mutation_operators
    operators[operators.index((libcst.BaseString, mutators.operator_string))] = (libcst.BaseString, words_stay)
    mutmut._run([], 1)
    Path(ANSWERS).write_text(json.dumps(dict(told()), ensure_ascii=False))
    return 0


def told() -> Any:
    """Yield each mutant: its file, what became of it, and what it changed when it survived."""
    from mutmut.__main__ import status_by_exit_code, walk_mutatable_files
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    for path in walk_mutatable_files():
        known = SourceFileMutationData(path=path)
        known.load()
        for key, code in known.exit_code_by_key.items():
            status = status_by_exit_code[code]
            diff = get_diff_for_mutant(key, path=path) if status not in KILLED else ""
            changed = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
            yield key, {"file": str(path), "status": status, "change": changed}


def answers(tree: Path) -> dict[str, dict[str, Any]]:
    """Read what a pass found."""
    found: dict[str, dict[str, Any]] = json.loads((tree / ANSWERS).read_text())
    return found


def identity(key: str, mutant: dict[str, Any]) -> str:
    """Name a mutant by its file, its function and its change: its number moves when a line is added above."""
    function = key.rpartition(".")[2].partition("__mutmut_")[0].removeprefix("x_").replace("xǁ", "").replace("ǁ", ".")
    change = " ".join(line[0] + " ".join(line[1:].split()) for line in mutant["change"])
    return f"{mutant['file']}, {function}: {change}"


def report(mutants: dict[str, dict[str, Any]], measured: str) -> int:
    """Compare the survivors with the list, write the figures, and say what is wrong."""
    listed = {entry["mutant"]: entry["reason"] for entry in tomllib.loads(LISTED.read_text()).get("survivor", [])}
    alive = {key: identity(key, m) for key, m in mutants.items() if m["status"] not in KILLED}
    counts = Counter((m["file"], m["status"] in KILLED) for m in mutants.values())
    unlisted = sorted(set(alive.values()) - set(listed))
    stale = sorted(set(listed) - set(alive.values()))
    total, killed = len(mutants), len(mutants) - len(alive)
    score = round(100 * killed / total, 2)
    write(
        "mutation",
        {
            "commit": measured,
            "mutants": total,
            "killed": killed,
            "survived": len(alive),
            "score": score,
            "aim": AIM,
            "not_mutated": "strings with a space: sentences",
            "statuses": dict(Counter(m["status"] for m in mutants.values())),
            "files": {
                file: {"killed": counts[file, True], "survived": counts[file, False]}
                for file in sorted({m["file"] for m in mutants.values()})
            },
            "survivors": [{"mutant": name, "reason": listed.get(name, "")} for name in sorted(alive.values())],
            "unlisted": unlisted,
            "listed_but_killed": stale,
        },
    )
    return int(bool(unlisted or stale) or score < AIM)


if __name__ == "__main__":
    sys.exit(inside() if sys.argv[1:] == ["inside"] else main())
