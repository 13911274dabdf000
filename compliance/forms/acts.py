"""The acts that have a page: one table, from the slug of an address to a form, a right, a law and its words.

`Requirement.act` names a slug of this table. Titles and buttons start with a verb. Quotations are verbatim
(compliance/law/texts.md). An act that closes or withdraws has a sentence to tick.
"""

from compliance.forms.act_page import ActPage
from compliance.forms.correction_acts import CORRECTION_ACTS
from compliance.forms.dossier_acts import DOSSIER_ACTS
from compliance.forms.people_acts import PEOPLE_ACTS

ACTS: dict[str, ActPage] = {page.slug: page for page in (*DOSSIER_ACTS, *PEOPLE_ACTS, *CORRECTION_ACTS)}
