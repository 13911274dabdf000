"""The dates that come: ends of orders, of titles, of mandates, reviews and yearly checks. Computed from the rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from compliance.forms.acts import ACTS
from compliance.law import Article, add_months, legal_day
from compliance.law.terms import MeasureKind
from compliance.models import Agreement, Delegation, Installation, Mandate, Order, OrderMeasure, PanelCheck
from compliance.templatetags import wording

RENEWAL_MONTHS = 4  # usage of the prefectures: R252-15's four months for an answer
NEAR = timedelta(days=31)
SOON = timedelta(days=62)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date, what it is about, who acts."""

    day: date
    text: str
    who: str
    url: str
    near: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A date that the reader's own act answers, as a thing to do."""

    day: date
    when: str
    title: str
    articles: Sequence[Article]
    url: str
    slug: str

    @property
    def why(self) -> str:
        """What the act changes."""
        return str(ACTS[self.slug].changes)

    @property
    def label(self) -> str:
        """The button's verb."""
        return str(ACTS[self.slug].short)


def renewal_of(order: Order) -> date:
    """Return the day by which, by usage, the renewal is asked."""
    return add_months(order.ends_on, -RENEWAL_MONTHS)


def deadlines(installation: Installation, *, rights: frozenset[str], at: datetime) -> list[Deadline]:
    """Return the next deadlines, the nearest first, each with its act where the reader's office gives it."""
    today = legal_day(at)
    found = sorted((d for d in _all(installation) if d[0] >= today), key=lambda d: d[0])
    return [
        Deadline(day, f"{text}.", who, _act(installation, slug, rights), near=day - today <= NEAR)
        for day, text, who, slug in found[:SHOWN]
    ]


def due(installation: Installation, *, rights: frozenset[str], at: datetime) -> list[Due]:
    """Return what the reader's office has to do within two months, the nearest first."""
    today = legal_day(at)
    near = sorted((d for d in _all(installation) if today <= d[0] <= today + SOON), key=lambda d: d[0])
    return [
        Due(day, wording.distance(day, at), text, (ACTS[slug].article,), _act(installation, slug, rights), slug)
        for day, text, _who, slug in near
        if _act(installation, slug, rights)
    ]


def _act(installation: Installation, slug: str, rights: frozenset[str]) -> str:
    """Return the address of an act, or nothing to whom it is not open."""
    page = ACTS.get(slug)
    return reverse("act", args=[installation.code, slug]) if page is not None and page.opens_to(rights) else ""


def _all(installation: Installation) -> Iterator[tuple[date, str, str, str]]:
    withdrawn = OrderMeasure.objects.filter(kind=MeasureKind.WITHDRAWAL).values("order")
    for order in installation.orders.exclude(pk__in=withdrawn):
        words = _("Arrêté {number} : renouvellement à déposer, selon l’usage").format(number=order.number)
        yield renewal_of(order), words, _("Secrétariat"), ""
        yield order.ends_on, _("Arrêté {number} : dernier jour").format(number=order.number), _("Secrétariat"), "arrete"
    for code, seen in _last_checks(installation):
        words = _("Panneau {code} : contrôle annuel conseillé").format(code=code)
        yield add_months(seen, 12), words, _("Secrétariat"), "panneau-controle"
    last = installation.aipds.order_by("-signed_on", "-pk").first()
    if last is not None and last.review_on is not None:
        words = _("AIPD version {version} : revue conseillée").format(version=last.version)
        yield last.review_on, words, _("DPD"), "aipd"
    for held in installation.habilitations.filter(withdrawn_at=None, ends_on__isnull=False).select_related("person"):
        words = _("Habilitation {code} : fin").format(code=held.person.code)
        yield held.ends_on, words, _("Maire"), "habilitation"  # type: ignore[misc]
    of_people = {"person__authority": installation.authority_id, "ends_on__isnull": False}
    for agreement in Agreement.objects.filter(**of_people).select_related("person"):
        words = _("Agrément {number} : fin").format(number=agreement.number)
        yield agreement.ends_on, words, _("Maire"), "agrement"  # type: ignore[misc]
    for delegation in Delegation.objects.filter(**of_people).select_related("person"):
        words = _("Délégation {number} : fin").format(number=delegation.number)
        yield delegation.ends_on, words, _("Maire"), "delegation"  # type: ignore[misc]
    for mandate in Mandate.objects.filter(authority=installation.authority_id, ends_on__isnull=False):
        yield mandate.ends_on, _("Mandat du maire : fin"), _("Secrétariat"), "mandat"  # type: ignore[misc]


def _last_checks(installation: Installation) -> Iterator[tuple[str, date]]:
    """Yield each panel's code with the day on which it was last seen in place."""
    rows = PanelCheck.objects.filter(panel__installation=installation, panel__void_at=None, present=True)
    yield from rows.order_by("panel__code").values_list("panel__code").annotate(Max("checked_on"))
