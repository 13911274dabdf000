"""A finding as a page shows it: its words, its articles, and the act that remedies it for who may do it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from compliance.facts import Facts
from compliance.law import Article
from compliance.models import Position
from compliance.requirements.base import Finding, Outcome
from compliance.views.rights import Standing
from compliance.views.todo import act_url, office, page_for


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding and where to remedy it."""

    code: str
    title: str
    outcome: Outcome
    reason: str
    articles: tuple[Article, ...]
    remedy: str
    who: str
    proof: str = ""
    remedy_url: str = ""
    remedy_label: str = ""


def shown(finding: Finding, standing: Standing, place: Position, known: Facts, *, at: datetime) -> Shown:
    """Return a finding with its remedy, linked where the reader's office gives the act."""
    url, label = "", ""
    page = page_for(finding)
    if finding.outcome in (Outcome.UNMET, Outcome.ALERT) and page is not None and page.opens_to(standing.rights):
        url, label = act_url(place.installation, page, place.code), page.short
        order = known.order(at)
        if finding.code == "R-17" and order is not None and not order.perimeter:
            url += f"&azimuth={order.view.azimuth:g}&angle={order.view.angle:g}&range_m={order.view.range_m:g}"
            label = _("Remettre à {azimuth:g}°").format(azimuth=order.view.azimuth)
    return Shown(
        code=finding.code,
        title=finding.title,
        outcome=finding.outcome,
        reason=finding.reason,
        articles=finding.articles,
        remedy=finding.remedy,
        who=office(finding.who),
        remedy_url=url,
        remedy_label=label,
    )
