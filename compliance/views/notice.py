"""What the public reads behind a panel: who films, why, how long, and their rights. Open to all, without a session.

It names functions, never a person, and tells the street of a panel, never the place of a camera.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from compliance.documents import public
from compliance.documents.base import contact_of, named
from compliance.facts import Facts
from compliance.law import erase_at, legal_day
from compliance.law.terms import CATEGORY_LABELS, PURPOSES, Analysis, Category
from compliance.models import Aipd, CnilCommitment, Habilitation, Installation, Mandate, Panel, Position
from compliance.templatetags import wording
from compliance.views.clock import now

KEPT_SECONDS = 600
MANY = {
    Category.MAYOR: "maires",
    Category.DELEGATE: "élus délégataires de fonctions de police",
    Category.MUNICIPAL_POLICE: "agents de police municipale",
    Category.COMMUNAL_AGENT: "agents communaux ou intercommunaux agréés",
    Category.STATE_AGENT: "agents de la police, de la gendarmerie, des douanes ou des secours",
    Category.CONTROLLER_AGENT: "agents du responsable (lieu ouvert au public)",
    Category.PRIVATE_OPERATOR: "opérateurs privés",
}


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Show the information that a panel cannot hold (R253-6 I). Same page for everybody: it may be kept by a cache."""
    place = get_object_or_404(Installation.objects.select_related("authority"), code=code)
    at = now()
    asked = request.GET.get("panneau", "")
    where, positions = _asked(place, asked, at)
    # French whoever reads (decision 11): the page is kept for all, and a cookie of ours is not theirs.
    with translation.override(settings.LANGUAGE_CODE):
        context = {"demo": settings.DEMO, "panel": asked, "where": where, **told(place, positions, at=at)}
        # Without the request: neither a session nor an account is looked at, and no cookie is set.
        page = render_to_string("compliance/notice.html", context)
    return HttpResponse(page, headers={"Content-Language": settings.LANGUAGE_CODE})


def _asked(place: Installation, panel: str, at: datetime) -> tuple[str, list[Position]]:
    """Return where the reader stands and what films there; the whole installation when no panel is named."""
    everything = list(place.positions.order_by("code"))
    if not panel:
        return "", everything
    found = Panel.objects.filter(installation=place, code=panel).first()
    if found is not None:
        return found.place, public.covered_by(found, at) or everything
    own = [p for p in everything if p.code == panel]
    if not own:
        raise Http404("Aucun panneau n’a ce code dans cette commune.")
    # A position that no order authorises is a project of the commune: its place is not the public's.
    authorised = any(public.running(facts, at) is not None for facts in public.facts_at(own, at))
    return own[0].address if authorised else "", own


def told(place: Installation, positions: list[Position], *, at: datetime) -> dict[str, Any]:
    """Return what the public is told of these positions at an instant."""
    day = legal_day(at)
    known = [facts for facts in public.facts_at(positions, at) if public.running(facts, at) is not None]
    numbers, premises = public.purposes(known, at)
    days = public.longest_kept(known, at)
    orders = public.orders(known, at)
    aipd = Aipd.objects.filter(installation=place, signed_on__lte=day).order_by("signed_on", "pk").last()
    sent = CnilCommitment.objects.filter(authority=place.authority_id, sent_on__lte=day).order_by("sent_on").last()
    return {
        "commune": place.authority.name,
        "installation": place,
        "filmed": len(known),
        "purposes": _sentence(" ; ".join([PURPOSES[n] for n in numbers] + ([public.PREMISES] if premises else []))),
        "numbers": [f"{n}°" for n in numbers],
        "days": days,
        "erased": _erased(days, at),
        "analysed": _analysed(known, at),
        "orders": [{"said": named(o), "until": wording.day_in_full(o.ends_on)} for o in orders],
        "services": ", ".join(sorted({service for order in orders for service in order.services})),
        "people": _people(place, at),
        "contact": contact_of(place, day),
        "aipd": {"version": aipd.version, "on": wording.day_in_full(aipd.signed_on)} if aipd else None,
        "commitment": {"on": wording.day_in_full(sent.sent_on), "receipt": sent.receipt} if sent else None,
        "updated": wording.day_in_full(at),
    }


def _erased(days: int | None, at: datetime) -> str:
    """Return the day on which yesterday's images go."""
    return wording.day_in_full(erase_at(at - timedelta(days=1), days)) if days else ""


def _analysed(known: list[Facts], at: datetime) -> bool | None:
    """Return whether a device analyses its images as declared; None when one of them says nothing."""
    said = [device.statement(at) for facts in known for device in facts.standing(at)]
    if not said or None in said:
        return None
    return any(statement is not None and statement.analysis is Analysis.PERMANENT for statement in said)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _people(place: Installation, at: datetime) -> str:
    """Say who may look, by category and number; nobody is named."""
    day = legal_day(at)
    rows = Habilitation.objects.filter(installation=place, starts_on__lte=day)
    running = {
        (row.person_id, row.category)
        for row in rows
        if (row.ends_on is None or row.ends_on >= day) and (row.withdrawn_at is None or row.withdrawn_at > at)
    }
    counted = Counter(Category(category) for _, category in running)
    mayor = Mandate.objects.filter(authority=place.authority_id, starts_on__lte=day).exclude(ends_on__lt=day).exists()
    found = ["le maire"] if mayor else []
    found += [f"{wording.in_words(n)} {CATEGORY_LABELS[c] if n == 1 else MANY[c]}" for c, n in sorted(counted.items())]
    return f"{_sentence(', '.join(found))}." if found else ""
