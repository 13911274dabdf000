"""The legal life of an installation as a task list: seven steps, each with its state, proof, article, next act, who.

It reads the gate's findings and the rows that prove them; what is in force is the gate's word, not this page's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from compliance.forms.acts import ACTS
from compliance.law import legal_day
from compliance.models import CnilCommitment, Document, Installation, Mandate, Notice, PanelCheck
from compliance.requirements.base import Outcome
from compliance.templatetags import wording
from compliance.views.deadlines import renewal_of
from compliance.views.french import counted, listed, many, opening, spelled
from compliance.views.home import running_order
from compliance.views.states import State
from compliance.views.todo import act_url


@dataclass(slots=True)
class Task:
    """A step of legal life."""

    title: str
    slug: str
    articles: tuple[str, ...]
    who: str
    kind: str = "ok"
    word: str = ""
    sentence: str = ""
    proof: str = ""
    proof_url: str = ""
    next_act: str = "Aucun"
    next_url: str = ""
    url: str = ""

    def proved(self, document: Document | None, name: str) -> None:
        """Name the proof, and open its file where there is one."""
        self.proof = name
        self.proof_url = reverse("document", args=[document.pk]) if document else ""


def day(value: datetime | object) -> str:
    """Write a day in full."""
    return wording.day_in_full(value)  # type: ignore[arg-type]


def tasks(installation: Installation, states: Sequence[State], *, rights: frozenset[str], at: datetime) -> list[Task]:
    """Return the seven steps, in their order."""
    found = [
        _order(installation, states, at=at),
        _commitment(installation, states),
        _aipd(installation, states),
        _panels(installation, states),
        _titles(installation, at=at),
        _retention(states),
        _commissioning(installation, states),
    ]
    for task in found:
        page = ACTS[task.slug]
        if page.opens_to(rights):
            task.url = reverse("act", args=[installation.code, task.slug])
        elif task.next_url:
            task.next_url = ""
    return found


def judged(task: Task, states: Sequence[State], codes: set[str], installation: Installation) -> Task:
    """Give the task the worst state that the gate found for these requirements."""
    unmet = [s.position.code for s in states if any(f.code in codes and f.outcome is Outcome.UNMET for f in s.amiss)]
    alert = [s.position.code for s in states if any(f.code in codes and f.outcome is Outcome.ALERT for f in s.amiss)]
    if unmet:
        task.kind, task.word = "stop", "Manque" if len(unmet) == len(states) else f"Manque pour {listed(unmet)}"
        page = ACTS[task.slug]
        task.next_act = f"{page.todo or page.title} {listed(unmet)}"
        task.next_url = act_url(installation, page, unmet[0])
    elif alert:
        task.kind, task.word = "review", "À revoir"
        task.next_act = (
            f"Revoir pour {listed(alert)}; les caméras restent ouvertes" if len(alert) < len(states) else "À revoir"
        )
    return task


def _order(installation: Installation, states: Sequence[State], *, at: datetime) -> Task:
    task = Task("Autorisation préfectorale", "arrete", ("CSI L252-1", "CSI L252-4"), "Secrétariat")
    order = running_order(installation, at=at)
    if order is None:
        task.sentence = "Aucun arrêté n’est en vigueur."
    else:
        left = (order.ends_on - legal_day(at)).days
        task.sentence = f"Du {day(order.starts_on)} au {day(order.ends_on)}. Il reste {counted(left, 'jour')}."
        task.proved(order.document, f"Arrêté n° {order.number}")
        task.next_act = f"Déposer le renouvellement, selon l’usage avant le {day(renewal_of(order))}"
    return judged(task, states, {"R-08", "R-10", "R-19"}, installation)


def _commitment(installation: Installation, states: Sequence[State]) -> Task:
    task = Task("Engagement de conformité CNIL", "engagement", ("CSI R253-7",), "Maire")
    rows = CnilCommitment.objects.filter(authority=installation.authority_id).select_related("document")
    sent = rows.order_by("sent_on").first()
    if sent is None:
        task.sentence = "Aucun engagement n’est parti à la CNIL."
    else:
        task.sentence = f"Envoyé le {day(sent.sent_on)}. Sans échéance."
        task.proved(sent.document, f"Récépissé {sent.receipt}")
        task.next_act = "À refaire si le responsable du système change"
    return judged(task, states, {"R-21"}, installation)


def _aipd(installation: Installation, states: Sequence[State]) -> Task:
    task = Task("Analyse d’impact (AIPD)", "aipd", ("RGPD art. 35", "CSI R252-3"), "DPD")
    last = installation.aipds.select_related("document").order_by("-signed_on", "-pk").first()
    if last is None:
        task.sentence = "Aucune AIPD n’est signée."
    else:
        task.sentence = f"Version {last.version} signée le {day(last.signed_on)}, avec l’avis du DPD."
        task.proved(last.document, f"AIPD version {last.version}")
        task.next_act = f"Revoir avant le {day(last.review_on)}" if last.review_on else "Revoir à chaque changement"
    return judged(task, states, {"R-22", "R-23"}, installation)


def _panels(installation: Installation, states: Sequence[State]) -> Task:
    task = Task("Panneaux d’information", "panneau", ("CSI R253-6",), "Secrétariat")
    panels = installation.panels.count()
    rows = PanelCheck.objects.filter(panel__installation=installation, panel__void_at=None)
    checks = {c.panel_id: c for c in rows.order_by("checked_on", "pk")}
    seen = [c.pk for c in checks.values() if c.present]
    covered = PanelCheck.positions.through.objects.filter(panelcheck__in=seen).values("position").distinct().count()
    if not panels:
        task.sentence = "Aucun panneau n’est posé."
    else:
        task.sentence = (
            f"{wording.in_words(panels).capitalize()} panneau{'x' if panels > 1 else ''}, "
            f"{spelled(covered, 'position', 'couverte')}."
        )
        latest = max(checks.values(), key=lambda c: c.checked_on, default=None)
        if latest is not None:
            task.proved(latest.document, f"{len(checks)} photos datées, la dernière du {day(latest.checked_on)}")
        task.next_act = "Contrôler les panneaux une fois par an"
    return judged(task, states, {"R-27"}, installation)


def _titles(installation: Installation, *, at: datetime) -> Task:
    task = Task("Habilitations", "habilitation", ("CSI R253-3",), "Maire")
    today = legal_day(at)
    rows = installation.habilitations.filter(withdrawn_at=None, starts_on__lte=today).select_related("document")
    held = [h for h in rows.order_by("ends_on", "pk") if h.ends_on is None or today <= h.ends_on]
    mayor = any(
        m.ends_on is None or today <= m.ends_on
        for m in Mandate.objects.filter(authority=installation.authority_id, starts_on__lte=today)
    )
    people = f"{spelled(len(held), 'habilitation')} en vigueur."
    task.sentence = opening(f"le maire, de droit, et {people}" if mayor else people)
    if held:
        ending = next((h for h in held if h.ends_on), None)
        task.proved(held[0].document, counted(len(held), "acte", "individuel"))
        task.next_act = f"Renouveler avant le {day(ending.ends_on)}" if ending else "Retirer quand la personne part"
    else:
        task.kind, task.word, task.next_act = "todo", "À faire", "Habiliter une personne"
        task.next_url = reverse("act", args=[installation.code, "habilitation"])
    return task


def _retention(states: Sequence[State]) -> Task:
    task = Task("Conservation et effacement", "position", ("CSI L252-5", "CSI R253-4"), "Personne")
    days = sorted({s.verdict.retention_days for s in states if s.verdict.retention_days})
    failing = [f for s in states for f in s.amiss if f.code == "R-47" and f.outcome is Outcome.UNMET]
    if not days:
        task.kind, task.sentence = "stop", "Aucun arrêté ne fixe de durée : rien n’est enregistré."
        task.who, task.next_act = "Secrétariat", "Saisir l’arrêté"
    else:
        words = f"{days[0]} jours" if len(days) == 1 else f"De {days[0]} à {days[-1]} jours selon la position"
        task.sentence = f"{words}, comme l’arrêté le permet. L’effacement est automatique."
        task.proof, task.next_act = "Journal des effacements", "Aucun : l’effacement est automatique"
        task.proof_url = f"{reverse('journal')}?operation=Effacement"
    if failing and days:
        task.kind, task.word, task.sentence, task.who = "stop", "À corriger", failing[0].reason, "Technique"
    return task


def _commissioning(installation: Installation, states: Sequence[State]) -> Task:
    task = Task("Mise en service", "mise-en-service", ("CSI R252-17",), "Secrétariat")
    opened = [s for s in states if s.open]
    dark = [s for s in states if not s.open]
    notice = Notice.objects.filter(installation=installation).select_related("document").order_by("service_on").first()
    if notice is None:
        task.sentence = "Le préfet n’a pas été informé de la date de mise en service."
    else:
        task.sentence = f"Annoncée au préfet le {day(notice.sent_on)}, effective le {day(notice.service_on)}."
        task.proved(notice.document, f"Lettre du {day(notice.sent_on)}")
    judged(task, states, {"R-15"}, installation)
    if task.kind == "ok" and dark:
        task.kind = "shut"
        task.word = f"{counted(len(opened), 'position', 'ouverte')} sur {len(states)}"
        task.sentence += f" {listed([s.position.code for s in dark])} : {many(len(dark), 'éteinte')}."
        task.next_act, task.next_url = "Voir pourquoi", "#positions"
    return task
