"""What a plan says to who does not see it: its words and its figures. No drawing, no row."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.templatetags import wording
from compliance.templatetags.drawing import Plan


def told(name: str, legal: Any, current: Any, drawn: Plan) -> str:
    """Say the plan in words: what a reader who does not see it must know."""
    if legal is None and current is None:
        return _("Plan : le champ de {name} n’est pas encore déclaré.").format(name=name)
    where = wording.bearing((current or legal).azimuth)
    parts = [_("Plan : {name} regarde {where}.").format(name=name, where=where)]
    parts.append(_("Champ autorisé : {field}.").format(field=field(legal)) if legal else _("Aucun champ autorisé."))
    parts.append(_("Champ déclaré : {field}.").format(field=field(current)) if current else _("Aucun champ déclaré."))
    if drawn.over:
        parts.append(_("Le champ déclaré déborde du champ autorisé."))
    if drawn.former:
        parts.append(_("L’appareil n’est plus au point autorisé."))
    if count := len(drawn.masks):
        parts.append(ngettext("Un masque.", "{count} masques.", count).format(count=count))
    return " ".join(parts)


def field(view: Any) -> str:
    """« azimut 214°, ouverture 44°, portée 45 m »."""
    wide = _("tour complet") if view.angle >= 360 else _("ouverture {angle}").format(angle=wording.degrees(view.angle))
    return _("azimut {azimuth}, {wide}, portée {range}").format(
        azimuth=wording.degrees(view.azimuth), wide=wide, range=wording.metres(view.range_m)
    )
