"""Prepositions and verbs that tie a number to a place."""

from __future__ import annotations

from typing import Final

from muster.core.lexicon.lists import words

TO_WORDS: Final = words("to into for toward towards para hacia a al onto reach reached")
IN_WORDS: Final = words(
    "in inside at on within around across throughout over en sobre dentro por through near outside entering entered "
    "patrol patrolling guard guarding surrounded surround patrullan patrullar reinforce protect retake"
)
ALONG_WORDS: Final = words("along alongside bordering")
SEND_WORDS: Final = words("""
    send sends sent sending deploy deploys deployed deploying dispatch dispatches dispatched move moves moved put puts
    order orders ordered pledge pledges pledged promise promised promises offer offers offered bring brings brought
    post spread fanned commit committed contribute contributes contributed mobilized mobilizes fly flew provide provided
    envia enviara envio enviaron desplego despliega desplegara mando manda mandara ordeno ordena ofrecio promete
    prometio comprometio movilizo moviliza aporta aporto traslado trasladara retiro retira
    """)
SOURCE_WORDS: Final = words("out from desde leaving left quit departing")
RECEIVE_WORDS: Final = words("""
    given granted receive receives received receiving get gets got expect expects expecting await awaits has have had
    host hosts see
    sees take takes welcome welcomes need needs accommodate holds hold house houses allocated assigned gain gains
    recibe recibira recibiran recibio recibieron recibir tiene tienen tendra tendran tendria cuenta contara cuentan
    contaran suma suman sumara concentra reune espera esperan albergara alberga alojara aloja obtendra reciban reciba
    correspondieron correspondera corresponderan sumaria recibiria
    """)
OUT_WORDS: Final = words(
    "out procedente procedentes salieron salio saldran saldra retiro retiraron retirara retiraran provenientes "
    "proveniente partieron salido salida retirada retirados"
)
RESPECTIVELY: Final = frozenset({"respectively", "respectivamente", "apiece"})
EACH: Final = frozenset({"each", "apiece", "cada", "localidad"})
