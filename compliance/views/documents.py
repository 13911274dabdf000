"""The files received and the papers issued, handed over as kept. A camera's snapshot only to those who may see."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance import gate
from compliance.actions.document import path_of
from compliance.documents import KINDS
from compliance.law.terms import Action
from compliance.models import Account, Document, MaskCheck
from compliance.requirements.base import Blocks, Outcome
from compliance.views.clock import now
from compliance.views.rights import READERS, account_of, demanded, standing_on


@never_cache
@login_required
@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a file as a download. A paper also goes to those who may ask for its kind; a snapshot only to a person whom
    the law admits to the position's images."""
    found = get_object_or_404(Document.objects.select_related("installation"), pk=pk)
    kind = KINDS.get(found.kind) if found.version else None
    demanded(standing_on(request, found.installation), *READERS, *(kind.any_right if kind else ()))
    # A check said to be wrong stays a check here: its picture still comes from a camera.
    checks = MaskCheck.ever.filter(document=found).select_related("position")
    if not all(_may_see(account_of(request), check) for check in checks):
        raise PermissionDenied(
            gettext_lazy("Cette image vient d’une caméra : seule une personne que la loi admet la voit (CSI R253-3).")
        )
    path = path_of(found)
    if not path.is_file():
        raise Http404(_("Le fichier n’est plus à sa place : prévenez le référent technique."))
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _may_see(account: Account, check: MaskCheck) -> bool:
    """True when the person holds a title to see this position, be its camera open or dark."""
    decision = gate.decide(Action.WATCH, check.position, at=now(), agent=account.person)
    personal = [f for f in decision.findings if f.requirement.blocks is Blocks.USER]
    return not any(f.outcome is Outcome.UNMET for f in personal)
