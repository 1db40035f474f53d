"""Prepositions and verbs that tie a number to a place."""

from __future__ import annotations

TO_WORDS = frozenset("to into for toward towards para hacia a al onto reach reached".split())
IN_WORDS = frozenset(
    "in inside at on within around across throughout over en sobre dentro por through near outside entering entered "
    "patrol patrolling guard guarding surrounded surround patrullan patrullar reinforce protect retake".split()
)
ALONG_WORDS = frozenset("along alongside bordering".split())
SOURCE_WORDS = frozenset("from desde leaving left quit departing".split())
RECEIVE_WORDS = frozenset(
    """
    receive receives received receiving get gets got expect expects expecting await awaits has have had host hosts see
    sees take takes welcome welcomes need needs accommodate holds hold house houses allocated assigned gain gains
    recibe recibira recibiran recibio recibieron recibir tiene tienen tendra tendran tendria cuenta contara cuentan
    contaran suma suman sumara concentra reune espera esperan albergara alberga alojara aloja obtendra reciban reciba
    correspondieron correspondera corresponderan sumaria recibiria
    """.split()
)
OUT_WORDS = frozenset(
    "out procedente procedentes salieron salio saldran saldra retiro retiraron retirara retiraran provenientes proveniente "
    "partieron salido salida retirada retirados".split()
)
RESPECTIVELY = frozenset({"respectively", "respectivamente", "apiece"})
EACH = frozenset({"each", "apiece", "cada", "localidad"})
