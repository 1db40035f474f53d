"""Words that take a number out of the count of people sent: corrections, former levels, standing strength."""

from __future__ import annotations

from typing import Final

from muster.core.lexicon.lists import words

CORRECTIONS: Final = words(
    "correction corrections clarification correccion aclaracion rectificacion erratas fe-de-erratas"
)

NOT_COUNTED_BEFORE: Final = frozenset(
    tuple(phrase.split())
    for phrase in (
        "up from", "down from", "compared with", "compared to", "instead of", "rather than", "not the", "one in",
        "in place of", "as opposed to", "number about", "who number", "en lugar de", "en vez de", "frente a los",
        "y no", "y no de", "payroll of", "strength of", "one for every", "uno por cada", "not", "no los", "no",
        "reported as", "home to", "is home to", "hogar de", "rumor of", "one of the", "version said", "reports said",
        "brigade has", "brigada tiene", "police have", "police has", "department has", "own police", "battalion has",
        "article", "articulo", "title", "titulo", "section", "law", "ley", "resolution", "resolucion", "decree",
        "decreto", "channel", "canal", "flight", "vuelo", "km", "kilometro", "page", "highway", "interstate", "route",
        "ruta", "room", "aged",
        "city of", "town of", "ciudad de", "pueblo de", "municipio de", "population of", "ni",
    )
)  # fmt: skip

OF_ITS_OWN: Final = (
    ("of", "its", "own"),
    ("of", "their", "own"),
    ("de", "siempre"),
    ("de", "plantilla"),
    ("en", "plantilla"),
)
"""Right behind the people counted: they belong to the place."""

STANDING_STRENGTH: Final = words("payroll recruits vacancies plazas")

TAKEN_UP_BEFORE: Final = words("these those them whom which remaining rest ellos esos estos cuales restantes total")
TAKEN_UP_AFTER: Final = words("who of whom more already quienes")

DENIAL_SENTENCES: Final = frozenset(
    {
        ("it", "is", "false"), ("that", "is", "false"), ("this", "is", "false"), ("es", "falso"), ("they", "weren't"),
        ("they", "are", "not"), ("it", "was", "false"), ("that", "is", "not"), ("not", "true"), ("no", "es", "cierto"),
        ("that", "was", "false"), ("la", "version", "es"), ("no", "eso", "no"), ("none", "of", "that"),
    }
)  # fmt: skip
"""How a sentence begins that takes back the one before it."""

LOCAL_POLICE: Final = words("municipal municipales")
"""A town's own police: its standing strength, not a deployment."""

EXERCISES: Final = words(
    "exercise exercises drill drills parade parades wargames graduation homecoming desfile desfiles ejercicio "
    "ejercicios "
    "maniobras simulacro graduacion"
)
"""A sentence about these tells of no deployment."""
