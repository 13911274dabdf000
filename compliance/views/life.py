"""The legal life of an installation as a task list: seven steps, each with its state, proof, article, next act, who.

It reads the gate's findings and the rows that prove them; what is in force is the gate's word, not this page's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from compliance.forms.acts import ACTS
from compliance.law import legal_day
from compliance.models import CnilCommitment, Document, Installation, Mandate, Notice, PanelCheck
from compliance.requirements.base import Outcome
from compliance.templatetags import wording
from compliance.views.deadlines import renewal_of
from compliance.views.french import as_written, listed, ngettext, opening
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
    next_act: str = ""
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
        everywhere = len(unmet) == len(states)
        task.word = _("Manque") if everywhere else _("Manque pour {codes}").format(codes=listed(unmet))
        task.kind = "stop"
        page = ACTS[task.slug]
        task.next_act = f"{page.todo or page.title} {listed(unmet)}"
        task.next_url = act_url(installation, page, unmet[0])
    elif alert:
        task.kind, task.word = "review", _("À revoir")
        some = _("Revoir pour {codes}; les caméras restent ouvertes").format(codes=listed(alert))
        task.next_act = some if len(alert) < len(states) else _("À revoir")
    return task


def _order(installation: Installation, states: Sequence[State], *, at: datetime) -> Task:
    task = Task(_("Autorisation préfectorale"), "arrete", ("CSI L252-1", "CSI L252-4"), _("Secrétariat"))
    order = running_order(installation, at=at)
    if order is None:
        task.sentence = _("Aucun arrêté n’est en vigueur.")
    else:
        left = (order.ends_on - legal_day(at)).days
        task.sentence = ngettext(
            "Du {start} au {end}. Il reste {count} jour.", "Du {start} au {end}. Il reste {count} jours.", left
        ).format(start=day(order.starts_on), end=day(order.ends_on), count=wording.grouped(left))
        task.proved(order.document, _("Arrêté n° {number}").format(number=order.number))
        words = _("Déposer le renouvellement, selon l’usage avant le {day}")
        task.next_act = words.format(day=day(renewal_of(order)))
    return judged(task, states, {"R-08", "R-10", "R-19"}, installation)


def _commitment(installation: Installation, states: Sequence[State]) -> Task:
    task = Task(_("Engagement de conformité CNIL"), "engagement", ("CSI R253-7",), _("Maire"))
    rows = CnilCommitment.objects.filter(authority=installation.authority_id).select_related("document")
    sent = rows.order_by("sent_on").first()
    if sent is None:
        task.sentence = _("Aucun engagement n’est parti à la CNIL.")
    else:
        task.sentence = _("Envoyé le {day}. Sans échéance.").format(day=day(sent.sent_on))
        task.proved(sent.document, _("Récépissé {number}").format(number=sent.receipt))
        task.next_act = _("À refaire si le responsable du système change")
    return judged(task, states, {"R-21"}, installation)


def _aipd(installation: Installation, states: Sequence[State]) -> Task:
    task = Task(_("Analyse d’impact (AIPD)"), "aipd", ("RGPD art. 35", "CSI R252-3"), _("DPD"))
    last = installation.aipds.select_related("document").order_by("-signed_on", "-pk").first()
    if last is None:
        task.sentence = _("Aucune AIPD n’est signée.")
    else:
        words = _("Version {version} signée le {day}, avec l’avis du DPD.")
        task.sentence = words.format(version=last.version, day=day(last.signed_on))
        task.proved(last.document, _("AIPD version {version}").format(version=last.version))
        task.next_act = _("Revoir à chaque changement")
        if last.review_on:
            task.next_act = _("Revoir avant le {day}").format(day=day(last.review_on))
    return judged(task, states, {"R-22", "R-23"}, installation)


def _panels(installation: Installation, states: Sequence[State]) -> Task:
    task = Task(_("Panneaux d’information"), "panneau", ("CSI R253-6",), _("Secrétariat"))
    panels = installation.panels.count()
    rows = PanelCheck.objects.filter(panel__installation=installation, panel__void_at=None)
    checks = {c.panel_id: c for c in rows.order_by("checked_on", "pk")}
    seen = [c.pk for c in checks.values() if c.present]
    covered = PanelCheck.positions.through.objects.filter(panelcheck__in=seen).values("position").distinct().count()
    if not panels:
        task.sentence = _("Aucun panneau n’est posé.")
    else:
        posed = ngettext("{count} panneau", "{count} panneaux", panels).format(count=wording.in_words(panels))
        words = ngettext("{panels}, {count} position couverte.", "{panels}, {count} positions couvertes.", covered)
        task.sentence = opening(words.format(panels=posed, count=wording.in_words(covered, feminine=True)))
        latest = max(checks.values(), key=lambda c: c.checked_on, default=None)
        if latest is not None:
            photos = _("{count} photos datées, la dernière du {day}")
            task.proved(latest.document, photos.format(count=len(checks), day=day(latest.checked_on)))
        task.next_act = _("Contrôler les panneaux une fois par an")
    return judged(task, states, {"R-27"}, installation)


def _titles(installation: Installation, *, at: datetime) -> Task:
    task = Task(_("Habilitations"), "habilitation", ("CSI R253-3",), _("Maire"))
    today = legal_day(at)
    rows = installation.habilitations.filter(withdrawn_at=None, starts_on__lte=today).select_related("document")
    held = [h for h in rows.order_by("ends_on", "pk") if h.ends_on is None or today <= h.ends_on]
    mayor = any(
        m.ends_on is None or today <= m.ends_on
        for m in Mandate.objects.filter(authority=installation.authority_id, starts_on__lte=today)
    )
    words = ngettext("{count} habilitation en vigueur.", "{count} habilitations en vigueur.", len(held))
    people = words.format(count=wording.in_words(len(held), feminine=True))
    task.sentence = opening(_("le maire, de droit, et {people}").format(people=people) if mayor else people)
    if held:
        ending = next((h for h in held if h.ends_on), None)
        acts = ngettext("{count} acte individuel", "{count} actes individuels", len(held))
        task.proved(held[0].document, acts.format(count=wording.grouped(len(held))))
        task.next_act = _("Retirer quand la personne part")
        if ending:
            task.next_act = _("Renouveler avant le {day}").format(day=day(ending.ends_on))
    else:
        task.kind, task.word, task.next_act = "todo", _("À faire"), _("Habiliter une personne")
        task.next_url = reverse("act", args=[installation.code, "habilitation"])
    return task


def _retention(states: Sequence[State]) -> Task:
    task = Task(_("Conservation et effacement"), "position", ("CSI L252-5", "CSI R253-4"), "")
    days = sorted({s.verdict.retention_days for s in states if s.verdict.retention_days})
    failing = [f for s in states for f in s.amiss if f.code == "R-47" and f.outcome is Outcome.UNMET]
    if not days:
        task.kind, task.sentence = "stop", _("Aucun arrêté ne fixe de durée : rien n’est enregistré.")
        task.who, task.next_act = _("Secrétariat"), _("Saisir l’arrêté")
    else:
        words = _("{most} jours, comme l’arrêté le permet. L’effacement est automatique.")
        if len(days) > 1:
            words = _(
                "De {least} à {most} jours selon la position, comme l’arrêté le permet. L’effacement est automatique."
            )
        task.sentence = words.format(least=days[0], most=days[-1])
        task.proof, task.next_act = _("Journal des effacements"), _("Aucun : l’effacement est automatique")
        task.proof_url = f"{reverse('journal')}?operation=Effacement"
    if failing and days:
        task.kind, task.word, task.who = "stop", _("À corriger"), _("Technique")
        task.sentence = as_written(failing[0].reason)
    return task


def _commissioning(installation: Installation, states: Sequence[State]) -> Task:
    task = Task(_("Mise en service"), "mise-en-service", ("CSI R252-17",), _("Secrétariat"))
    opened = [s for s in states if s.open]
    dark = [s for s in states if not s.open]
    notice = Notice.objects.filter(installation=installation).select_related("document").order_by("service_on").first()
    if notice is None:
        task.sentence = _("Le préfet n’a pas été informé de la date de mise en service.")
    else:
        words = _("Annoncée au préfet le {sent}, effective le {service}.")
        task.sentence = words.format(sent=day(notice.sent_on), service=day(notice.service_on))
        task.proved(notice.document, _("Lettre du {day}").format(day=day(notice.sent_on)))
    judged(task, states, {"R-15"}, installation)
    if task.kind == "ok" and dark:
        task.kind = "shut"
        words = ngettext("{count} position ouverte sur {total}", "{count} positions ouvertes sur {total}", len(opened))
        task.word = words.format(count=wording.grouped(len(opened)), total=len(states))
        words = ngettext("{codes} : éteinte.", "{codes} : éteintes.", len(dark))
        task.sentence += f" {words.format(codes=listed([s.position.code for s in dark]))}"
        task.next_act, task.next_url = _("Voir pourquoi"), "#positions"
    return task
