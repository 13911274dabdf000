"""`gate_matrix`: undoes each proof and compares the gate with the table. Exit code 0 equal, 1 not. Leaves nothing."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from compliance import matrix
from compliance.law.terms import ACTION_LABELS, Action

OPEN, CLOSED, WRONG = "○", "●", "✗"


class Command(BaseCommand):
    """Build by acts, in transactions that are rolled back, the dossier of each requirement, and undo its proof."""

    help = "Défait chaque preuve et compare la porte à la table (code de sortie 0), ou dit ce qui diffère (1)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--json`."""
        parser.add_argument("--json", action="store_true", help="répond en JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the matrix as of now, print it, and exit with the code that says it."""
        try:
            report = matrix.run(at=timezone.now())
        except Error as fault:
            raise CommandError("La base ne répond pas, ou n’est pas installée (./run manage migrate).") from fault
        self.stdout.write(_as_json(report) if options["json"] else _in_words(report))
        if report.faults:
            raise SystemExit(1)


def _as_json(report: matrix.Report) -> str:
    return json.dumps(
        {
            "ok": not report.faults,
            "at": report.at.isoformat(),
            "requirements": report.requirements,
            "questions": len(report.rows),
            "refused": sum(not row.allowed for row in report.rows),
            "faults": report.faults,
            "rows": [
                {
                    "code": row.code,
                    "blocks": row.blocks,
                    "question": row.question,
                    "action": row.action,
                    "expected": row.expected,
                    "allowed": row.allowed,
                    "refused_by": row.refused_by,
                    "ok": not row.fault,
                }
                for row in report.rows
            ],
        },
        ensure_ascii=False,
    )


def _in_words(report: matrix.Report) -> str:
    lines = [
        f"{report.requirements} exigences qui ferment, {len(report.rows)} questions à la porte.",
        f"{OPEN} ouvert   {CLOSED} refusé   {WRONG} autre chose que la table",
        "Dans l’ordre : " + ", ".join(ACTION_LABELS[a] for a in Action) + ".",
        "",
        f"{'':10}{'bloque':9}{'dossier complet':18}{'preuve défaite':18}{'absente pendant la séquence'}",
    ]
    codes = dict.fromkeys((row.code, row.blocks) for row in report.rows)
    for code, blocks in codes:
        cells = ["".join(_cells(report, code, question)) for question in matrix.QUESTIONS]
        lines.append(f"{code:10}{blocks:9}{cells[0]:18}{cells[1]:18}{cells[2]}")
    lines.append("")
    if report.faults:
        lines += ["Ce qui diffère :", *(f"  {fault}" for fault in report.faults)]
    else:
        lines.append("La porte répond partout comme la table.")
    return "\n".join(lines)


def _cells(report: matrix.Report, code: str, question: str) -> list[str]:
    rows = [row for row in report.rows if row.code == code and row.question == question]
    return [f"{WRONG if row.fault else OPEN if row.allowed else CLOSED} " for row in rows]
