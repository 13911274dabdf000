"""The closed lists of the law as a page names them, in the reader's language: an action, a category, a kind of place.

The law names them in French (`compliance.law.terms`), and so do the journal and the papers; what quotes the code
(purposes, requirements, articles) is never translated (decision 11).
"""

from django.utils.translation import gettext, gettext_noop

from compliance.law.terms import ACTION_LABELS, CATEGORY_LABELS, PLACE_LABELS, Action, Category, PlaceKind

# The law imports no Django and marks nothing: its labels are gathered from here.
GATHERED = (
    gettext_noop("essayer"),
    gettext_noop("enregistrer"),
    gettext_noop("voir en direct"),
    gettext_noop("revoir"),
    gettext_noop("remettre"),
    gettext_noop("maire"),
    gettext_noop("élu délégataire de fonctions de police"),
    gettext_noop("agent de police municipale"),
    gettext_noop("agent communal ou intercommunal agréé"),
    gettext_noop("agent de la police, de la gendarmerie, des douanes ou des secours"),
    gettext_noop("agent du responsable (lieu ouvert au public)"),
    gettext_noop("opérateur privé"),
    gettext_noop("voie publique"),
    gettext_noop("lieu ouvert au public"),
    gettext_noop("voie publique et lieu ouvert au public"),
    gettext_noop("lieu non ouvert au public"),
)


def action(one: Action) -> str:
    """« voir en direct »."""
    return gettext(ACTION_LABELS[one])


def category(one: Category) -> str:
    """« agent de police municipale »."""
    return gettext(CATEGORY_LABELS[one])


def place(kind: PlaceKind) -> str:
    """« voie publique »."""
    return gettext(PLACE_LABELS[kind])
