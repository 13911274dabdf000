"""What every page shows: the commune, who is signed in, where one can go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from compliance.law import LAW_DATE
from compliance.models import Authority
from compliance.templatetags import wording
from compliance.views import guide
from compliance.views.guide import Told
from compliance.views.rights import may_hold_images, standings


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return the context of base.html. The page of an error gets it too: it must not need a database that works."""
    authority = Authority.objects.order_by("pk").first()
    here = told(request)
    return {
        "commune": authority.name if authority else "",
        "demo": settings.DEMO,
        "nav_items": _places(request),
        "law_date": wording.day_in_full(LAW_DATE),
        "release": "",
        "told": here,
        "crumbs": [{"label": _("Accueil"), "url": _url("home")}, {"label": here.name, "url": ""}]
        if here and request.path != "/" and request.user.is_authenticated
        else [],
    }


def told(request: HttpRequest) -> Told | None:
    """Return what the page asked for says of itself; nothing before an address is known."""
    match = request.resolver_match
    return guide.told(match.url_name or "", str(match.kwargs.get("slug", ""))) if match else None


def _places(request: HttpRequest) -> list[dict[str, Any]]:
    """Return where the account may go, the page it is on being current."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    found = [(_("Accueil"), _url("home"))]
    reads = next((s for s in standings(request) if s.reads), None)
    if reads is not None:
        found += [
            (_("Installation"), _url("installation", reads.installation.code)),
            (_("Caméras"), _url("positions")),
        ]
    if may_hold_images(request):
        found.append((_("Direct"), _url("live")))
    if reads is not None:
        found += [(_("Personnes"), _url("people")), (_("Journal"), _url("journal"))]
    found.append((_("Rechercher"), _url("search")))
    return [{"label": label, "url": url, "current": _is_current(request.path, url)} for label, url in found if url]


def _url(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
