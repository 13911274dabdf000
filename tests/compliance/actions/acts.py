"""One valid call of every act, on a dossier: who may do it, and what it writes."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from compliance.actions import (
    account,
    correction,
    document,
    dossier,
    habilitation,
    mistake,
    order,
    paper,
    people,
    position,
)
from compliance.documents import ASKERS, KINDS, Paper, Subject
from compliance.events import System
from compliance.law.terms import Action, Analysis, Category, Microphone, OrderKind
from compliance.matrix import Dossier
from compliance.matrix.dossier import SERVICE, SIGHT
from compliance.models import CnilCommitment, Habilitation, Installation, Invitation, Notice, Person
from config import demo_proofs
from tests.compliance.built import AT, an_account

RIGHTS = tuple(code for code, _ in Installation._meta.permissions)
Given = tuple[Any, dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """An act, the right that it asks (none named: any), its event, and valid arguments (but `at` and `by`)."""

    act: Callable[..., Any]
    right: str
    event: str
    given: Callable[[Dossier], Given]
    # Nobody but the console: the subject is not yet of an installation.
    founding: bool = False
    # The account itself, and nobody else.
    own: bool = False

    @property
    def rights(self) -> frozenset[str]:
        """Any of them is enough."""
        return frozenset(() if self.own else self.right.split() or RIGHTS)

    def actor(self, subject: Any, office: Callable[..., Any]) -> Any:
        """Return who may: the console, the account itself, or one that holds the right."""
        if self.founding:
            return System.CONSOLE
        return subject.account if self.own else office(min(self.rights))


def somebody(made: Dossier) -> Person:
    return Person.objects.create(
        authority=made.authority, code=f"{made.position.code}-{token_hex(4)}", name="Essai", function="Essai"
    )


def invited(made: Dossier) -> Invitation:
    """Return a link that nobody followed yet."""
    handed = account.invite(somebody(made), installation=made.installation, username="invité", **made.by)
    return handed.invitation


def line(made: Dossier) -> order.Line:
    return order.Line(position=made.position, latitude=49.12, longitude=6.18, azimuth=90.0, angle=60.0, range_m=40.0)


def text(made: Dossier, **changes: Any) -> order.OrderText:
    values = {"number": "2026-9", "signed_on": made.day(0), "purposes": (1,), "lines": (line(made),), **changes}
    return order.OrderText(**values)


def title(made: Dossier, **changes: Any) -> habilitation.Title:
    values = {
        "category": Category.MUNICIPAL_POLICE,
        "act": "arrêté n° 33",
        "signatory": "mayor",
        "signed_on": made.day(0),
        "starts_on": made.day(0),
        "ends_on": None,
        "actions": (Action.WATCH,),
        **changes,
    }
    return habilitation.Title(**values)


def _suspended(made: Dossier) -> Given:
    return order.suspend(made.order, since=AT, reference="x", **made.by), {"until": AT}


def _gathering(made: Dossier) -> Given:
    urgent = order.capture(
        made.installation, text=text(made, number="2026-P", kind=OrderKind.GATHERING), document=None, **made.by
    )
    return urgent, {"since": AT, "reference": "fin"}


def _agreement(made: Dossier) -> Any:
    return habilitation.record_agreement(
        made.agent,
        installation=made.installation,
        number="AG",
        signed_on=made.day(0),
        starts_on=made.day(0),
        ends_on=None,
        **made.by,
    )


def _struck(made: Dossier) -> Given:
    measure = habilitation.suspend_agreement(_agreement(made), installation=made.installation, since=AT, **made.by)
    return measure, {"installation": made.installation, "until": AT}


def _delegation(made: Dossier) -> Given:
    row = people.delegate(
        made.agent, installation=made.installation, number="D", starts_on=made.day(0), ends_on=None, **made.by
    )
    return row, {"installation": made.installation, "ends_on": made.day(3)}


def _term(made: Dossier) -> dict[str, Any]:
    return {"installation": made.installation, "starts_on": made.day(0), "ends_on": None}


def _here(made: Dossier) -> dict[str, Any]:
    return {"installation": made.installation}


def _withdrawn(made: Dossier) -> Any:
    # A row of its own: what is taken back in the database stays in the memory of the one given.
    held = Habilitation.objects.get(pk=made.title.pk)
    return habilitation.withdraw_habilitation(held, since=AT, **made.by)


def _notice(made: Dossier) -> Notice:
    return Notice.objects.create(
        installation=made.installation, sent_on=made.day(0), service_on=made.day(9), recorded_at=AT
    )


def _letter(made: Dossier) -> dict[str, Any]:
    return {"sent_on": made.day(0), "service_on": made.day(5), "document": made.document}


def _undecided(made: Dossier) -> Given:
    """A position that no order names yet."""
    given = {"code": f"{made.position.code}-B", "address": "2, rue du Puits", "sight": SIGHT, "since": AT}
    row = position.declare(made.installation, **given, **made.by)
    return row, {"address": "2 bis, rue du Puits", "reason": "faute de frappe"}


def _planned(made: Dossier) -> Given:
    row = dossier.place_panel(made.installation, code="P-9", place="Pont", **made.by)
    return row, {"place": "Pont, rive gauche", "reason": "mât trop haut"}


def _unwritten(made: Dossier) -> Given:
    """A commune that has not written to the CNIL yet."""
    CnilCommitment.objects.filter(authority=made.authority).delete()
    given = {"name": "Valclair", "siret": "21570999900015", "insee": "57999", "reason": "faute de frappe"}
    return made.installation, given


def _piece(made: Dossier) -> Given:
    return made.installation, {"kind": "preuve", "name": "a.pdf", "content": demo_proofs.paper("Pièce", "d’essai")}


def _strike(made: Dossier) -> Given:
    return made.order, {"since": AT, "reference": "arrêté du jour"}


def _asked(made: Dossier) -> Given:
    return made.installation, {"kind": KINDS["panneau"], "subjects": [made.installation.panels.get().code]}


def _made(made: Dossier) -> Given:
    code = made.installation.panels.get().code
    batch = paper.ask(made.installation, kind=KINDS["panneau"], subjects=[code], **made.by)
    return made.installation, {"paper": a_paper(made.installation, code), "batch": batch}


def a_paper(installation: Installation, code: str) -> Paper:
    """Return a paper as the press hands it over, without laying it out."""
    subject = Subject(installation=installation, code=code, version=1, issued_at=AT, given={})
    return Paper(
        kind=KINDS["panneau"],
        subject=subject,
        title=f"Panneau {code}",
        complete=True,
        spoken_at=AT,
        content=b"%PDF-1.7 essai",
        context=b"{}",
    )


def _given_up(made: Dossier) -> Given:
    return paper.ask(made.installation, kind=KINDS["etat"], subjects=[made.installation.code], **made.by), {
        "reason": "essai"
    }


CASES = {
    "ask": Case(paper.ask, "manage_cameras", "paper.asked", _asked),
    "issue": Case(paper.issue, "manage_cameras", "paper.issued", _made),
    "give_up": Case(paper.give_up, " ".join(ASKERS), "paper.failed", _given_up),
    "tell_contact": Case(
        people.tell_contact,
        "file",
        "contact.told",
        lambda d: (
            d.installation,
            {
                "since": d.day(0),
                "address": "1, place de la Mairie",
                "phone": "03 00 00 00 00",
                "email": "mairie@commune.example",
                "dpo": "dpd@commune.example",
                "prefecture": "préfecture de la Moselle",
            },
        ),
    ),
    "found_authority": Case(
        people.found_authority,
        "validate",
        "authority.founded",
        lambda d: (None, {"name": "Valclair", "siret": "21570999900015", "insee": "57099"}),
        founding=True,
    ),
    "open_installation": Case(
        people.open_installation,
        "validate",
        "installation.opened",
        lambda d: (d.authority, {"code": "VALCLAIR", "name": "Centre-bourg"}),
        founding=True,
    ),
    "register_person": Case(
        people.register_person,
        "validate",
        "person.registered",
        lambda d: (
            d.authority,
            {"installation": d.installation, "code": "VAL-P", "name": "Essai", "function": "Agent"},
        ),
    ),
    "invite": Case(
        account.invite,
        "validate",
        "account.invited",
        lambda d: (somebody(d), {"installation": d.installation, "username": "nouveau"}),
    ),
    "renew_link": Case(
        account.renew_link,
        "validate",
        "account.link_renewed",
        lambda d: (invited(d).account, {"installation": d.installation}),
    ),
    "cancel_invitation": Case(
        account.cancel_invitation, "validate", "account.invitation_cancelled", lambda d: (invited(d), {})
    ),
    "choose_password": Case(
        account.choose_password,
        "",
        "account.opened",
        lambda d: (invited(d), {"password": "un mot de passe très long"}),
        own=True,
    ),
    "reopen_account": Case(
        account.reopen_account,
        "validate",
        "account.reopened",
        lambda d: (an_account(somebody(d), "revenu"), {"installation": d.installation}),
    ),
    "disable_account": Case(
        account.disable_account,
        "validate",
        "account.disabled",
        lambda d: (an_account(somebody(d), "parti"), {"installation": d.installation}),
    ),
    "grant_right": Case(
        people.grant_right,
        "validate",
        "right.granted",
        lambda d: (d.installation, {"account": an_account(somebody(d), "promu"), "right": "read"}),
    ),
    "revoke_right": Case(
        people.revoke_right,
        "validate",
        "right.revoked",
        lambda d: (d.installation, {"account": an_account(somebody(d), "muté"), "right": "read"}),
    ),
    "start_mandate": Case(
        people.start_mandate,
        "validate file",
        "mandate.started",
        lambda d: (d.authority, {"person": d.agent, **_term(d)}),
    ),
    "end_mandate": Case(
        people.end_mandate,
        "validate file",
        "mandate.ended",
        lambda d: (d.mandate, {"installation": d.installation, "ends_on": d.day(3)}),
    ),
    "record_employment": Case(
        people.record_employment,
        "habilitate",
        "employment.recorded",
        lambda d: (d.agent, {"employer": "Commune", "public": True, "territory": [d.authority], **_term(d)}),
    ),
    "end_employment": Case(
        people.end_employment,
        "habilitate",
        "employment.ended",
        lambda d: (d.employment, {"installation": d.installation, "ends_on": d.day(3)}),
    ),
    "delegate": Case(
        people.delegate, "habilitate", "delegation.recorded", lambda d: (d.agent, {"number": "D-1", **_term(d)})
    ),
    "end_delegation": Case(people.end_delegation, "habilitate", "delegation.ended", _delegation),
    "void": Case(
        mistake.void, "habilitate", "entry.voided", lambda d: (d.title, {**_here(d), "reason": "mauvaise personne"})
    ),
    "void_end": Case(
        mistake.void_end, "habilitate", "entry.end_voided", lambda d: (_withdrawn(d), {**_here(d), "reason": "lapsus"})
    ),
    "replace": Case(
        mistake.replace,
        "file",
        "entry.corrected",
        lambda d: (
            d.installation.notices.get(),
            {**_here(d), "reason": "date mal lue", "words": mistake.Words(), "anew": lambda: _notice(d)},
        ),
    ),
    "habilitate": Case(
        habilitation.habilitate,
        "habilitate",
        "habilitation.granted",
        lambda d: (d.agent, {"installation": d.installation, "title": title(d, service=SERVICE)}),
    ),
    "withdraw_habilitation": Case(
        habilitation.withdraw_habilitation, "habilitate", "habilitation.withdrawn", lambda d: (d.title, {"since": AT})
    ),
    "record_agreement": Case(
        habilitation.record_agreement,
        "habilitate",
        "agreement.recorded",
        lambda d: (d.agent, {"number": "AG-1", "signed_on": d.day(0), **_term(d)}),
    ),
    "suspend_agreement": Case(
        habilitation.suspend_agreement,
        "habilitate",
        "agreement.suspended",
        lambda d: (_agreement(d), {"installation": d.installation, "since": AT}),
    ),
    "withdraw_agreement": Case(
        habilitation.withdraw_agreement,
        "habilitate",
        "agreement.withdrawn",
        lambda d: (_agreement(d), {"installation": d.installation, "since": AT}),
    ),
    "lift_agreement": Case(habilitation.lift_agreement, "habilitate", "agreement.lifted", _struck),
    "receive": Case(document.receive, "", "document.received", _piece),
    "rehearse": Case(document.rehearse, "", "document.received", _piece),
    "capture": Case(order.capture, "capture_order", "order.captured", lambda d: (d.installation, {"text": text(d)})),
    "suspend": Case(order.suspend, "capture_order", "order.suspended", _strike),
    "withdraw": Case(order.withdraw, "capture_order", "order.withdrawn", _strike),
    "stop": Case(order.stop, "capture_order", "order.stopped", _strike),
    "end_event": Case(order.end_event, "capture_order", "order.event_ended", _gathering),
    "lift": Case(order.lift, "capture_order", "order.lifted", _suspended),
    "send_commissioning": Case(
        dossier.send_commissioning,
        "file",
        "notice.commissioning_sent",
        lambda d: (d.installation, {"positions": [d.position], **_letter(d)}),
    ),
    "send_location": Case(
        dossier.send_location,
        "file",
        "notice.location_sent",
        lambda d: (
            d.position,
            {
                "place": {"latitude": 49.0, "longitude": 6.0, "azimuth": 0.0, "angle": 60.0, "range_m": 40.0},
                **_letter(d),
            },
        ),
    ),
    "send_commitment": Case(
        dossier.send_commitment,
        "file",
        "cnil.commitment_sent",
        lambda d: (d.installation, {"sent_on": d.day(0), "receipt": "RU-74-2", "document": d.document}),
    ),
    "sign_aipd": Case(
        dossier.sign_aipd,
        "validate",
        "aipd.signed",
        lambda d: (
            d.installation,
            {
                "version": "2",
                "signed_on": d.day(0),
                "opinion_on": d.day(-1),
                "opinion": "favorable",
                "residual_high": False,
                "review_on": None,
                "document": d.document,
            },
        ),
    ),
    "record_answer": Case(
        dossier.record_answer,
        "file",
        "aipd.consultation_answered",
        lambda d: (d.aipd, {"answered_on": d.day(0), "allows": True, "document": d.document}),
    ),
    "place_panel": Case(
        dossier.place_panel,
        "manage_cameras",
        "panel.placed",
        lambda d: (d.installation, {"code": "P-2", "place": "Pont"}),
    ),
    "check_panel": Case(
        dossier.check_panel,
        "manage_cameras",
        "panel.checked",
        lambda d: (
            d.installation.panels.get(),
            {"checked_on": d.day(0), "present": True, "positions": [d.position], "document": d.document},
        ),
    ),
    "declare": Case(
        position.declare,
        "manage_cameras",
        "position.declared",
        lambda d: (d.installation, {"code": "VAL-77", "address": "x", "sight": SIGHT, "since": AT}),
    ),
    "change": Case(
        position.change,
        "manage_cameras",
        "position.changed",
        lambda d: (d.position, {"sight": SIGHT, "since": AT, "reason": "essai"}),
    ),
    "check_masks": Case(
        position.check_masks,
        "manage_cameras",
        "masks.checked",
        lambda d: (d.position, {"checked_at": AT, "clean": True, "masks": [], "document": d.document}),
    ),
    "correct_address": Case(correction.correct_address, "manage_cameras", "draft.corrected", _undecided),
    "correct_place": Case(correction.correct_place, "manage_cameras", "draft.corrected", _planned),
    "correct_person": Case(
        correction.correct_person,
        "validate",
        "draft.corrected",
        lambda d: (somebody(d), {**_here(d), "name": "Essai juste", "function": "Agent", "reason": "faute"}),
    ),
    "correct_authority": Case(correction.correct_authority, "validate", "draft.corrected", _unwritten),
    "mount": Case(
        position.mount, "manage_cameras", "device.mounted", lambda d: (d.position, {"reference": "B", "since": AT})
    ),
    "remove": Case(position.remove, "manage_cameras", "device.removed", lambda d: (d.mounting, {"until": AT})),
    "state": Case(
        position.state,
        "manage_cameras",
        "device.stated",
        lambda d: (d.mounting, {"stated_at": AT, "microphone": Microphone.OFF, "analysis": Analysis.OFF}),
    ),
}
