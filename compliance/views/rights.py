"""What the signed-in account may do, read once per request. It grants nothing: acts check their right themselves."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import Account, Habilitation, Installation, InstallationUserPermission, Mandate

READERS = ("read", "control")
KEPT = "_claire_standings"
WORDS = dict(Installation._meta.permissions)


@dataclass(frozen=True, slots=True)
class Standing:
    """The office rights of an account on one installation."""

    installation: Installation
    rights: frozenset[str]

    @property
    def reads(self) -> bool:
        """True where the dossier may be read."""
        return bool(self.rights.intersection(READERS))


def right_words(right: str) -> str:
    """Return what a right is called: the database keeps it in French."""
    return _(WORDS[right])


def _asking(*rights: str) -> str:
    asked = _(" ou ").join(_("« {right} »").format(right=right_words(right)) for right in rights)
    return _("Cette page demande le droit {asked}.").format(asked=asked)


# Said twice: on the page in its reader's language, in the log in French.
asking = lazy(_asking, str)


def account_of(request: HttpRequest) -> Account:
    """Return who is signed in."""
    if not isinstance(request.user, Account) or not request.user.is_active:
        raise PermissionDenied
    return request.user


def standings(request: HttpRequest) -> list[Standing]:
    """Return where the account holds an office, by code of installation; one query per request."""
    known: list[Standing] | None = getattr(request, KEPT, None)
    if known is None:
        known = _standings(request)
        setattr(request, KEPT, known)
    return known


def _standings(request: HttpRequest) -> list[Standing]:
    if not request.user.is_authenticated or not request.user.is_active:
        return []
    held: dict[Installation, set[str]] = {}
    rows = InstallationUserPermission.objects.filter(user=request.user)
    for row in rows.select_related("content_object__authority", "permission").order_by("content_object__code"):
        held.setdefault(row.content_object, set()).add(row.permission.codename)
    return [Standing(installation, frozenset(rights)) for installation, rights in held.items()]


def may_hold_images(request: HttpRequest) -> bool:
    """True for a person who holds a title to see, whatever it is worth now: the way to the images is shown to them."""
    if not isinstance(request.user, Account):
        return False
    person = request.user.person_id
    titled = Habilitation.objects.filter(person=person, withdrawn_at=None).exists()
    return titled or Mandate.objects.filter(person=person).exists()


def standing_on(request: HttpRequest, installation: Installation) -> Standing:
    """Return the account's rights on an installation, none included."""
    found = next((s for s in standings(request) if s.installation == installation), None)
    return found or Standing(installation, frozenset())


def opened(request: HttpRequest, code: str, *rights: str) -> Standing:
    """Return the account's standing on the installation of this code. Raises Http404, or PermissionDenied without any
    of the rights."""
    found = next((s for s in standings(request) if s.installation.code == code), None)
    if found is None:
        if not Installation.objects.filter(code=code).exists():
            raise Http404(_("Aucune installation n’a ce code."))
        raise PermissionDenied(gettext_lazy("Votre fonction ne vous donne aucun droit sur cette installation."))
    return demanded(found, *rights)


def demanded(standing: Standing, *rights: str) -> Standing:
    """Return the standing, or raise PermissionDenied when it has none of the rights."""
    if not standing.rights.intersection(rights):
        raise PermissionDenied(asking(*rights))
    return standing


def reading(request: HttpRequest) -> list[Standing]:
    """Return the installations whose dossier the account reads. Raises PermissionDenied when there is none."""
    found = [s for s in standings(request) if s.reads]
    if not found:
        raise PermissionDenied(asking("read"))
    return found
