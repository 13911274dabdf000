"""Ground floor: the law, the dossier, the people, the gate and the journal. Imports nothing from the floors above."""
