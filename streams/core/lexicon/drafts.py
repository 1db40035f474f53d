"""Words that take a number out of the count of people sent: corrections, former levels, standing strength."""

from __future__ import annotations

CORRECTIONS = frozenset(
    "correction corrections clarification correccion aclaracion rectificacion erratas fe-de-erratas".split()
)

NOT_COUNTED_BEFORE = tuple(
    tuple(phrase.split())
    for phrase in (
        "up from", "down from", "compared with", "compared to", "instead of", "rather than", "not the", "one in",
        "in place of", "as opposed to", "number about", "who number", "en lugar de", "en vez de", "frente a los",
        "y no", "y no de", "payroll of", "strength of", "one for every", "uno por cada", "not", "no los", "no",
        "reported as", "one of the", "version said", "reports said",
    )
)  # fmt: skip

STANDING_STRENGTH = frozenset("payroll recruits vacancies plazas".split())
