"""The mayor's act that habilitates one person (CSI R253-3 II 2°): drafted from what is known, signed by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from compliance.documents import public
from compliance.documents.base import Choice, Context, Holes, Kind, Subject, Unwritable, all_named, cited, heading
from compliance.law import articles, legal_day
from compliance.law.terms import ACTION_LABELS, CATEGORY_LABELS, Action, Category
from compliance.models import Agreement, Delegation, Employment, Habilitation, Installation, Mandate, Person
from compliance.templatetags import wording

LEVELS = (Action.WATCH, Action.REPLAY, Action.EXPORT, Action.PROBE)


def choices(installation: Installation, at: datetime) -> Sequence[Choice]:
    """Return the people of the commune who see by an act: not the mayor, who sees by the mandate."""
    mayors = Mandate.objects.filter(authority=installation.authority_id, starts_on__lte=legal_day(at))
    people = Person.objects.filter(authority=installation.authority_id).exclude(pk__in=mayors.values("person"))
    return [Choice(p.code, f"{p.code}, {p.function}") for p in people.order_by("code")]


def context(subject: Subject, *, at: datetime) -> Context:
    """Return the act of a person: their last habilitation if there is one, else what is to be filled in."""
    place, day, holes = subject.installation, legal_day(at), Holes()
    person = Person.objects.filter(authority=place.authority_id, code=subject.code).first()
    if person is None:
        raise Unwritable(f"Personne n’a le code {subject.code} dans cette commune.")
    held = Habilitation.objects.filter(installation=place, person=person, withdrawn_at=None)
    title = held.order_by("starts_on", "pk").last()
    category = Category(title.category) if title else None
    job = Employment.objects.filter(person=person, starts_on__lte=day).order_by("starts_on", "pk").last()
    known = public.facts_at(list(place.positions.all()), at)
    signed = wording.day_in_full(title.signed_on) if title else ""
    return heading(
        subject,
        f"Arrêté d’habilitation individuelle, {subject.code}",
        holes,
        number=holes.need(_number(subject, title), "numéro de l’arrêté"),
        signed=holes.need(signed, "date de signature"),
        visas=_visas(category),
        order=holes.need(all_named(public.orders(known, at)), "arrêté du préfet"),
        ground=_ground(person, category, holes),
        person=person.name,
        function=person.function,
        registration=holes.need(subject.given.get("registration"), "matricule"),
        employer=holes.need(job.employer if job else "", "employeur"),
        category=holes.need(CATEGORY_LABELS[category] if category else "", "catégorie de l’article R253-3"),
        levels=_levels(title, holes),
        positions=_positions(title, place),
        starts=holes.need(wording.day_in_full(title.starts_on) if title else "", "premier jour"),
        ends=wording.day_in_full(title.ends_on) if title and title.ends_on else "",
        training=holes.need(subject.given.get("training"), "date de la formation"),
        remedies=cited("CJA R421-1"),
    )


def _number(subject: Subject, title: Habilitation | None) -> str:
    given = subject.given.get("number")
    return f"N° {given}" if given else title.act[:1].upper() + title.act[1:] if title else ""


def _visas(category: Category | None) -> list[dict[str, Any]]:
    """Return the texts relied on, code by code."""
    agents = ["CSI L132-14-1"] if category is Category.COMMUNAL_AGENT else []
    security = cited("CSI L251-1", "CSI L251-2", *agents, "CSI R253-3", "CSI R253-5")
    return [
        {"code": "code général des collectivités territoriales", "articles": cited("CGCT L2212-2")},
        {"code": "code de la sécurité intérieure", "articles": security},
    ]


def _ground(person: Person, category: Category | None, holes: Holes) -> dict[str, str]:
    """Return the act that the category asks beside this one: the prefect's agrément, or a delegation."""
    if category is Category.COMMUNAL_AGENT:
        row = Agreement.objects.filter(person=person).order_by("starts_on", "pk").last()
        said = f"n° {row.number} du {wording.day_in_full(row.signed_on)}" if row else ""
        return {"what": "l’agrément du préfet", "said": holes.need(said, "agrément du préfet (CSI L132-14-1)")}
    if category is Category.DELEGATE:
        given = Delegation.objects.filter(person=person).order_by("starts_on", "pk").last()
        said = f"n° {given.number} du {wording.day_in_full(given.starts_on)}" if given else ""
        return {"what": "la délégation du maire", "said": holes.need(said, "délégation du maire")}
    return {"what": "", "said": ""}


def _levels(title: Habilitation | None, holes: Holes) -> list[dict[str, Any]]:
    allowed = set(title.actions) if title else set()
    holes.need(allowed, "niveaux d’accès")
    return [
        {"label": ACTION_LABELS[a].capitalize(), "given": a.value in allowed, "known": bool(allowed)} for a in LEVELS
    ]


def _positions(title: Habilitation | None, place: Installation) -> list[str]:
    named = title.positions.order_by("code") if title and title.positions.exists() else place.positions.order_by("code")
    return [f"{p.code}, {p.address}" for p in named]


KIND = Kind(
    slug="habilitation",
    title="Arrêté d’habilitation individuelle",
    verb="Éditer un arrêté d’habilitation",
    about="L’acte par lequel le maire désigne et habilite une personne. Il se signe à la main, puis se saisit.",
    articles=articles("CSI R253-3"),
    any_right=("habilitate",),
    template="compliance/documents/habilitation.html",
    choices=choices,
    context=context,
)
