"""The life of the fictional commune, act by act, each at its date, counted back from today: nothing is inserted.

Five positions are lawful. VAL-06 was turned a few days ago: its masks and its field no longer hold. VAL-07 never had
its panel. The order of VAL-08 has expired.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from compliance.actions import account, document, dossier, habilitation, order, people, position
from compliance.actions.roles import ROLES
from compliance.events import System
from compliance.law import add_months, instant_of, last_day
from compliance.law.terms import Action, Analysis, Category, Microphone, PlaceKind
from compliance.models import Authority, Document, Installation, Mounting, Panel, Person, Position
from compliance.requirements.base import french
from config import demo_proofs as proofs
from config import demo_town as town
from config.demo_town import Place, Someone

CONSOLE = System.CONSOLE
RETENTION_DAYS = 15


def days(count: int) -> timedelta:
    """Return so many days."""
    return timedelta(days=count)


@dataclass
class Story:
    """Collects what happened, then tells it in the order of its dates."""

    today: date
    now: datetime
    password: str
    steps: list[tuple[datetime, Callable[[datetime], Any]]] = field(default_factory=list)

    # --- dates, counted back from today: thirty-two months of an order of sixty -----------------------------------
    @property
    def signed(self) -> date:
        """The day of the main order."""
        return add_months(self.today, -32) - days(4)

    @property
    def service(self) -> date:
        """The day of commissioning."""
        return self.signed + days(48)

    def on(self, day: date, hour: int, minute: int, happened: Callable[[datetime], Any]) -> None:
        """Remember that something happened at that Paris time."""
        self.steps.append((instant_of(day, time(hour, minute)), happened))

    def tell(self) -> None:
        """Do every act, the oldest first."""
        self._commune()
        for number, place in enumerate(town.PLACES):
            self._position(place, number)
        self._orders()
        self._letters()
        self._panels()
        self._titles()
        self._lately()
        for at, happened in sorted(self.steps, key=lambda step: step[0]):
            happened(min(at, self.now))

    # --- lookups: what earlier acts made -----------------------------------------------------------
    @property
    def place(self) -> Installation:
        """The installation."""
        return Installation.objects.select_related("authority").get(code=town.INSTALLATION)

    def _proof(self, kind: str, name: str, content: bytes, at: datetime, *, photo: bool = False) -> Document:
        return document.receive(self.place, kind=kind, name=name, content=content, photo=photo, at=at, by=CONSOLE)

    # --- the commune, its people -------------------------------------------------------------------
    def _commune(self) -> None:
        start = self.signed - days(100)

        def founded(at: datetime) -> None:
            commune = people.found_authority(
                None, name=town.COMMUNE, siret=town.SIRET, insee=town.INSEE, at=at, by=CONSOLE
            )
            place = people.open_installation(
                commune, code=town.INSTALLATION, name=town.INSTALLATION_NAME, at=at, by=CONSOLE
            )
            for someone in town.PEOPLE:
                self._person(commune, place, someone, at=at)

        def reached(at: datetime) -> None:
            people.tell_contact(
                self.place,
                since=start,
                address="1 place de la Mairie, Valclair-sur-Moselle",
                phone="03 53 01 12 40",
                email="mairie@valclair-sur-moselle.example",
                dpo="dpd@valclair-sur-moselle.example",
                prefecture="préfecture de la Moselle",
                at=at,
                by=CONSOLE,
            )

        def elected(at: datetime) -> None:
            people.start_mandate(
                Authority.objects.get(siret=town.SIRET),
                person=Person.objects.get(code="MAI"),
                starts_on=start - days(300),
                ends_on=last_day(start - days(300), 72),
                installation=self.place,
                at=at,
                by=CONSOLE,
            )

        self.on(start, 8, 0, founded)
        self.on(start, 8, 15, reached)
        self.on(start, 8, 30, elected)

    def _person(self, commune: Authority, place: Installation, someone: Someone, *, at: datetime) -> None:
        person = people.register_person(
            commune,
            code=someone.code,
            name=f"Personne fictive {someone.code}",
            function=someone.function,
            installation=place,
            at=at,
            by=CONSOLE,
        )
        if not someone.login:
            return
        handed = account.invite(person, username=someone.login, installation=place, at=at, by=CONSOLE)
        opened = handed.invitation.account
        account.choose_password(handed.invitation, password=self.password, at=at, by=opened)
        for right in ROLES[someone.login].rights:
            people.grant_right(place, account=opened, right=right, at=at, by=CONSOLE)

    # --- positions, devices, masks -----------------------------------------------------------------
    def _position(self, place: Place, number: int) -> None:
        since = self.signed - days(60)
        mounted = self.signed + days(30)

        def declared(at: datetime) -> None:
            position.declare(
                self.place, code=place.code, address=place.address, sight=_sight(place), since=at, at=at, by=CONSOLE
            )

        def installed(at: datetime) -> None:
            device = position.mount(
                Position.objects.get(code=place.code),
                reference=f"Caméra fixe C-{number + 1:02d}",
                since=at,
                at=at,
                by=CONSOLE,
            )
            attested = self._proof(
                "attestation d’appareil",
                f"attestation-C-{number + 1:02d}.pdf",
                proofs.paper(
                    "Attestation de l’installateur", device.reference, "Microphone : absent.", "Analyse : coupée."
                ),
                at,
            )
            position.state(
                device,
                stated_at=at,
                microphone=Microphone.ABSENT,
                analysis=Analysis.OFF,
                document=attested,
                at=at,
                by=CONSOLE,
            )

        self.on(since, 10, number, declared)
        self.on(mounted, 14, number, installed)
        for day in (self.signed + days(31), self.today - days(261)):
            self.on(day, 10, 40 + number, partial(self._masks, place))

    def _masks(self, place: Place, at: datetime) -> None:
        picture = proofs.snapshot(place.code, french(at.date()), masks=place.masks)
        seen = self._proof("image datée", f"{place.code}-{at.date():%Y%m%d}.png", picture, at, photo=True)
        position.check_masks(
            Position.objects.get(code=place.code),
            checked_at=at,
            clean=True,
            masks=[[] for _ in range(place.masks)],
            document=seen,
            at=at,
            by=CONSOLE,
        )

    # --- the prefect -------------------------------------------------------------------------------
    def _orders(self) -> None:
        ended = self.today - days(9)
        older = add_months(ended + days(1), -60)
        main = [p for p in town.PLACES if p.code != town.EXPIRED]
        alone = [p for p in town.PLACES if p.code == town.EXPIRED]
        self.on(self.signed - days(58), 9, 0, lambda at: self._order(f"{older.year}-VP-0067", older, alone, at))
        self.on(
            self.signed + days(1), 9, 0, lambda at: self._order(f"{self.signed.year}-VP-0142", self.signed, main, at)
        )

    def _order(self, number: str, signed: date, places: list[Place], at: datetime) -> None:
        known = {p.code: p for p in Position.objects.all()}
        lines = tuple(
            order.Line(
                position=known[p.code],
                latitude=p.latitude,
                longitude=p.longitude,
                azimuth=p.azimuth,
                angle=p.angle,
                range_m=p.range_m,
            )
            for p in places
        )
        paper = proofs.paper(
            f"Arrêté n° {number}",
            f"Signé le {french(signed)}.",
            *(f"{p.code} : azimut {p.azimuth:g}°." for p in places),
        )
        order.capture(
            self.place,
            text=order.OrderText(
                number=number,
                signed_on=signed,
                published=f"Recueil n° {signed.year}-031",
                purposes=(1, 3, 4, 5, 11),
                retention_days=RETENTION_DAYS,
                lines=lines,
            ),
            document=self._proof("arrêté", f"arrete-{number}.pdf", paper, at),
            at=at,
            by=CONSOLE,
        )

    # --- CNIL, AIPD, commissioning -----------------------------------------------------------------
    def _letters(self) -> None:
        sent, assessed, told = self.signed - days(53), self.signed - days(36), self.signed + days(38)

        def committed(at: datetime) -> None:
            paper = proofs.paper("Récépissé d’engagement de conformité", f"Reçu le {french(sent)}.")
            receipt = f"RU-{sent.year}-0588"
            proof = self._proof("récépissé CNIL", "recepisse-cnil.pdf", paper, at)
            dossier.send_commitment(self.place, sent_on=sent, receipt=receipt, document=proof, at=at, by=CONSOLE)

        def signed(at: datetime) -> None:
            paper = proofs.paper("AIPD, version 2", "Avis du DPD : favorable.", f"Signée le {french(assessed)}.")
            dossier.sign_aipd(
                self.place,
                version="2",
                signed_on=assessed,
                opinion_on=assessed - days(4),
                opinion="favorable",
                residual_high=False,
                review_on=self.today + days(81),
                document=self._proof("AIPD", "aipd-v2.pdf", paper, at),
                at=at,
                by=CONSOLE,
            )

        def announced(at: datetime) -> None:
            paper = proofs.paper("Lettre au préfet", f"Mise en service le {french(self.service)}.")
            dossier.send_commissioning(
                self.place,
                positions=list(Position.objects.order_by("code")),
                sent_on=told,
                service_on=self.service,
                document=self._proof("lettre de mise en service", "mise-en-service.pdf", paper, at),
                at=at,
                by=CONSOLE,
            )

        self.on(sent, 11, 0, committed)
        self.on(assessed, 16, 0, signed)
        self.on(told, 11, 0, announced)

    # --- panels ------------------------------------------------------------------------------------
    def _panels(self) -> None:
        for number, (code, where) in enumerate(town.PANELS.items()):
            self.on(self.signed + days(45), 9, number, partial(self._placed, code, where))
            # One panel's yearly check is eleven days away.
            again = add_months(self.today + days(11), -12) if code == "P-03" else self.today - days(261)
            self.on(again, 15, number, partial(self._seen, code))

    def _placed(self, code: str, where: str, at: datetime) -> None:
        dossier.place_panel(self.place, code=code, place=where, at=at, by=CONSOLE)
        self._seen(code, at)

    def _seen(self, code: str, at: datetime) -> None:
        photo = proofs.panel_photo(code, town.PANELS[code], french(at.date()))
        covered = [p.code for p in town.PLACES if p.panel == code]
        dossier.check_panel(
            Panel.objects.get(code=code),
            checked_on=at.date(),
            present=True,
            positions=list(Position.objects.filter(code__in=covered)),
            document=self._proof("photo de panneau", f"{code}-{at.date():%Y%m%d}.png", photo, at, photo=True),
            at=at,
            by=CONSOLE,
        )

    # --- who may see -------------------------------------------------------------------------------
    def _titles(self) -> None:
        for number, (code, left) in enumerate((("PM-01", 300), ("PM-02", 300), ("PM-03", 42))):
            self.on(self.today - days(311), 9, number, partial(self._habilitated, code, left))

    def _habilitated(self, code: str, left: int, at: datetime) -> None:
        person = Person.objects.get(code=code)
        people.record_employment(
            person,
            installation=self.place,
            employer=f"Commune de {town.COMMUNE}",
            public=True,
            territory=[self.place.authority],
            starts_on=self.signed - days(100),
            ends_on=None,
            at=at,
            by=CONSOLE,
        )
        act = f"arrêté du maire {at.year}-{40 + int(code[-1])}"
        title = habilitation.Title(
            category=Category.MUNICIPAL_POLICE,
            act=act,
            signatory="mayor",
            signed_on=at.date(),
            starts_on=at.date(),
            ends_on=self.today + days(left),
            actions=(Action.WATCH, Action.REPLAY, Action.EXPORT, Action.PROBE),
        )
        paper = proofs.paper("Habilitation individuelle", f"{code}, {act}.")
        habilitation.habilitate(
            person,
            installation=self.place,
            title=title,
            document=self._proof("habilitation", f"habilitation-{code}.pdf", paper, at),
            at=at,
            by=CONSOLE,
        )

    # --- lately ------------------------------------------------------------------------------------
    def _lately(self) -> None:
        square = town.PLACES[0]
        turned = next(p for p in town.PLACES if p.code == town.MOVED)

        def reviewed(at: datetime) -> None:
            position.change(
                Position.objects.get(code=square.code),
                sight=_sight(square),
                since=at,
                reason="note de nécessité revue",
                at=at,
                by=CONSOLE,
            )

        def moved(at: datetime) -> None:
            position.change(
                Position.objects.get(code=turned.code),
                sight=_sight(turned, azimuth=town.MOVED_AZIMUTH),
                since=at,
                reason="support remplacé, nouvel azimut 221°",
                at=at,
                by=CONSOLE,
            )

        self.on(self.today - days(200), 11, 0, reviewed)
        self.on(self.today - days(7), 9, 14, moved)


def _sight(place: Place, *, azimuth: float | None = None) -> position.Sight:
    return position.Sight(
        kind=PlaceKind.STREET,
        justification=place.seen,
        latitude=place.latitude,
        longitude=place.longitude,
        azimuth=place.azimuth if azimuth is None else azimuth,
        angle=place.angle,
        range_m=place.range_m,
        purposes=place.purposes,
        necessity=place.necessity,
        retention_days=None,
    )


def devices() -> dict[str, Mounting]:
    """Return the device that stands on each position, by code."""
    rows = Mounting.objects.filter(until=None, position__installation__code=town.INSTALLATION)
    return {m.position.code: m for m in rows.select_related("position").order_by("since")}
