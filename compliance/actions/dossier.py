"""Acts of the dossier: letters to the prefect, commitment to the CNIL, impact assessment, panels."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance import journal
from compliance.actions.base import By, act, belong, may, sha, who, written
from compliance.events import System
from compliance.law import legal_day
from compliance.models import (
    Aipd,
    CnilCommitment,
    Document,
    Installation,
    LocationNotice,
    Notice,
    Panel,
    PanelCheck,
    Position,
    PriorConsultation,
)


@act("file")
def send_commissioning(  # noqa: PLR0913 (an act is its fields)
    installation: Installation,
    *,
    positions: list[Position],
    sent_on: date,
    service_on: date,
    document: Document | None,
    at: datetime,
    by: By,
) -> Notice:
    """Record the letter that tells the prefect the commissioning date, sent before it (R252-17)."""
    if not positions:
        raise ValidationError({"positions": _("Nommez au moins une position.")})
    belong(positions, installation)
    _letter(sent_on, service_on, at)
    row = Notice.objects.create(
        installation=installation,
        sent_on=sent_on,
        service_on=service_on,
        proved=document is not None,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    row.positions.set(positions)
    journal.record(
        "notice.commissioning_sent",
        at=at,
        by=by,
        installation=installation,
        positions=[p.code for p in positions],
        sent_on=sent_on,
        service_on=service_on,
        document=sha(document),
    )
    return row


def _letter(sent_on: date, service_on: date, at: datetime) -> None:
    if sent_on > legal_day(at):
        raise ValidationError({"sent_on": _("Une lettre ne se date pas dans l’avenir.")})
    if sent_on >= service_on:
        raise ValidationError({"service_on": _("La lettre part avant la date qu’elle annonce (CSI R252-17).")})


@act("file")
def send_location(  # noqa: PLR0913 (an act is its fields)
    position: Position,
    *,
    place: dict[str, float],
    sent_on: date,
    service_on: date,
    document: Document | None,
    at: datetime,
    by: By,
) -> LocationNotice:
    """Record the letter that tells the prefect a place inside the perimeter, before installation or move (R252-17)."""
    _letter(sent_on, service_on, at)
    row = LocationNotice.objects.create(
        position=position,
        sent_on=sent_on,
        service_on=service_on,
        proved=document is not None,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
        **place,
    )
    journal.record(
        "notice.location_sent",
        at=at,
        by=by,
        installation=position.installation,
        position=position,
        sent_on=sent_on,
        service_on=service_on,
        document=sha(document),
    )
    return row


@act("file")
def send_commitment(  # noqa: PLR0913 (an act is its fields)
    installation: Installation,
    *,
    sent_on: date,
    receipt: str,
    document: Document | None,
    at: datetime,
    by: By,
) -> CnilCommitment:
    """Record the commitment of conformity sent to the CNIL by the responsible, once (R253-7)."""
    if sent_on > legal_day(at):
        raise ValidationError({"sent_on": _("Un envoi ne se date pas dans l’avenir.")})
    row = CnilCommitment.objects.create(
        authority=installation.authority,
        sent_on=sent_on,
        receipt=receipt,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    journal.record(
        "cnil.commitment_sent",
        at=at,
        by=by,
        installation=installation,
        sent_on=sent_on,
        receipt=receipt,
        document=sha(document),
    )
    return row


@act("validate")
def sign_aipd(  # noqa: PLR0913 (an act is its fields)
    installation: Installation,
    *,
    version: str,
    signed_on: date,
    opinion_on: date | None,
    opinion: str,
    residual_high: bool,
    review_on: date | None,
    document: Document | None,
    at: datetime,
    by: By,
) -> Aipd:
    """Record the signed impact assessment and the DPO's opinion, given before the signature (RGPD 35).

    Raises ValidationError for an account that drafts the AIPD or gives its opinion: it does not sign what it wrote.
    """
    if any(may(by, right, installation) for right in ("draft_aipd", "give_opinion")) and not isinstance(by, System):
        raise ValidationError(_("Qui rédige l’AIPD ou en donne l’avis ne la signe pas : un autre compte la valide."))
    if signed_on > legal_day(at):
        raise ValidationError({"signed_on": _("Une signature ne se date pas dans l’avenir.")})
    if opinion_on is not None and opinion_on > signed_on:
        raise ValidationError({"opinion_on": _("L’avis du DPD précède la signature.")})
    if Aipd.objects.filter(installation=installation, version=version).exists():
        raise ValidationError({"version": format_lazy(_("La version {version} est déjà signée."), version=version)})
    row = Aipd.objects.create(
        installation=installation,
        version=version,
        signed_on=signed_on,
        opinion_on=opinion_on,
        opinion=opinion,
        residual_high=residual_high,
        review_on=review_on,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    journal.record(
        "aipd.signed",
        at=at,
        by=by,
        installation=installation,
        version=version,
        signed_on=signed_on,
        opinion_on=opinion_on,
        opinion=opinion,
        residual_high=residual_high,
        document=sha(document),
    )
    return row


@act("file")
def record_answer(  # noqa: PLR0913 (an act is its fields)
    aipd: Aipd, *, answered_on: date, allows: bool, document: Document | None, at: datetime, by: By
) -> PriorConsultation:
    """Record the CNIL's answer on a high residual risk (RGPD 36)."""
    if answered_on > legal_day(at):
        raise ValidationError({"answered_on": _("Une réponse ne se date pas dans l’avenir.")})
    if answered_on < aipd.signed_on:
        raise ValidationError({"answered_on": _("La réponse ne peut précéder l’AIPD.")})
    row = PriorConsultation.objects.create(
        aipd=aipd, answered_on=answered_on, allows=allows, document=document, recorded_at=at, recorded_by=who(by)
    )
    journal.record(
        "aipd.consultation_answered",
        at=at,
        by=by,
        installation=aipd.installation,
        version=aipd.version,
        answered_on=answered_on,
        allows=allows,
        document=sha(document),
    )
    return row


@act("manage_cameras")
def place_panel(installation: Installation, *, code: str, place: str, at: datetime, by: By) -> Panel:
    """Record a panel and where it stands. Only its photo proves it."""
    if Panel.objects.filter(installation=installation, code=code).exists():
        raise ValidationError({"code": format_lazy(_("Le panneau {code} existe déjà."), code=code)})
    panel = Panel(installation=installation, code=code, place=place, recorded_at=at, recorded_by=who(by))
    row = written(panel, at=at, by=by)
    journal.record("panel.placed", at=at, by=by, installation=installation, panel=code, place=place)
    return row


@act("manage_cameras")
def check_panel(  # noqa: PLR0913 (an act is its fields)
    panel: Panel,
    *,
    checked_on: date,
    present: bool,
    positions: list[Position],
    document: Document | None,
    at: datetime,
    by: By,
) -> PanelCheck:
    """Record a panel seen, with its photo and the positions that it covers, or missing (R253-6)."""
    if checked_on > legal_day(at):
        raise ValidationError({"checked_on": _("Un contrôle ne se date pas dans l’avenir.")})
    if present and document is None:
        raise ValidationError({"document": _("Un panneau se prouve par sa photo.")})
    if present and not positions:
        raise ValidationError({"positions": _("Dites quelles positions ce panneau couvre.")})
    belong(positions, panel.installation)
    row = PanelCheck.objects.create(
        panel=panel,
        checked_on=checked_on,
        present=present,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    row.positions.set(positions)
    journal.record(
        "panel.checked",
        at=at,
        by=by,
        installation=panel.installation,
        panel=panel.code,
        checked_on=checked_on,
        present=present,
        positions=[p.code for p in positions],
        document=sha(document),
    )
    return row
