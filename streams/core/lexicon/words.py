"""Words that say nothing of deployments: function words, months, abbreviations, page furniture."""

from __future__ import annotations

from typing import Final

from muster.core.lexicon.lists import words

MONTHS: Final = {
    "january": 1, "jan": 1, "enero": 1, "ene": 1, "february": 2, "feb": 2, "febrero": 2, "march": 3, "mar": 3,
    "marzo": 3, "april": 4, "apr": 4, "abril": 4, "abr": 4, "may": 5, "mayo": 5, "june": 6, "jun": 6, "junio": 6,
    "july": 7, "jul": 7, "julio": 7, "august": 8, "aug": 8, "agosto": 8, "ago": 8, "september": 9, "sept": 9,
    "sep": 9, "septiembre": 9, "october": 10, "oct": 10, "octubre": 10, "november": 11, "nov": 11,
    "noviembre": 11, "december": 12, "dec": 12, "diciembre": 12, "dic": 12,
}  # fmt: skip

WEEKDAYS: Final = {
    "monday": 0, "lunes": 0, "tuesday": 1, "martes": 1, "wednesday": 2, "miercoles": 2, "thursday": 3, "jueves": 3,
    "friday": 4, "viernes": 4, "saturday": 5, "sabado": 5, "sunday": 6, "domingo": 6,
}  # fmt: skip

ABBREVIATIONS: Final = words("""
    mr mrs ms dr gen col lt sgt maj capt cpl adm gov sen rep pres rev st sr sra no nos vs approx dept est inc co ltd
    jan feb mar apr jun jul aug sept sep oct nov dec ene abr ago dic
    ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa tenn
    tex va vt wash wis wyo chih tamps coah son sin bc jal gto mich gro oax pue qro sonora nl edomex cdmx
    ee uu eeuu lic ing prof av col num hab aprox jl fr sres gral cnel tte cap art
    """)

STOP_WORDS: Final = {
    **dict.fromkeys(
        words("the of and to in is that with for was on are by from at he she it they his their will be has have were"),
        "en",
    ),
    **dict.fromkeys(
        words(
            "el los las del en que y una un por con para se su al lo mas como seran han fue fueron hay este sus sobre"
        ),
        "es",
    ),
    **dict.fromkeys(
        words(
            "le les des du est dans pour avec et une sur der die das und ist nicht mit von den "
            "o os as do da dos das em nao uma pelo pela sao il gli della nel che di per"
        ),
        "other",
    ),
}

FUNCTION_WORDS: Final = {
    "en": words("""
        a an the this that these those of to in on at by for from with within into onto through across along near
        around over under above below between among against about after before during since until till as than
        and or but nor so yet if when while where who whom whose which what how why because although though unless
        is are was were be been being am has have had having do does did will would shall should may might can could
        must ought it its it's they them their theirs he him his she her hers we us our you your i me my there here
        not no never only just also even still already now then once again too very both either neither each every
        all any some most many much more less few fewer other others another such same own up down out off back
        away s re ve ll d m respectively apiece soon later today tomorrow yesterday tonight per via throughout
        toward towards inside outside beside besides plus minus including alongside together
        """),
    "es": words("""
        a al ante bajo con contra de del desde durante en entre hacia hasta mediante para por segun sin sobre tras
        y e o u ni pero sino que quien quienes cual cuales cuyo cuya donde cuando como si porque aunque mientras
        el la los las un una unos unas lo este esta estos estas ese esa esos esas aquel aquella aquellos aquellas
        su sus mi mis tu tus nuestro nuestra nuestros se le les me te nos yo ella ellos ellas usted ustedes
        es son fue fueron era eran ser sera seran sido esta estan estaba estaban estar estara estaran estuvo
        ha han habia habian haber habra habran hay hubo he hemos tiene tienen tenia tendra tendran
        no nunca tampoco tambien ya aun todavia solo apenas muy mas menos tan tanto mucho muchos pocos varios otro otra
        otros otras mismo misma mismos cada todo toda todos todas algun alguno alguna algunos ninguno ninguna
        aqui ahi alli alla hoy manana ayer ahora luego despues antes entonces asi cerca lejos dentro fuera
        respectivamente ademas aparte via rumbo va van vaya vayan
        """),
}


def _openings(*phrases: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    table: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in phrases:
        opening = tuple(phrase.split())
        table[opening[0]] = (*table.get(opening[0], ()), opening)
    return table


FURNITURE: Final = _openings(
    "also read", "read also", "read more", "read next", "see also", "see more", "related", "related topics", "watch",
    "more stories", "next story", "you may also", "you might also", "recommended", "recommended for you", "trending",
    "most read", "just in", "advertisement", "ad get", "newsletter", "sign up", "subscribe", "download our",
    "get the app", "get our", "follow us", "follow our", "share this", "share comments", "comments", "cookies",
    "cookie settings", "copyright", "all rights reserved", "tags", "photo", "photos", "photograph", "image caption",
    "image", "caption", "credit", "quiz", "click here", "this article first appeared", "did you find", "continued on",
    "story continues", "read the full", "seen something", "do you have an eyewitness", "your opinion matters",
    "lea tambien", "lee tambien", "lea ademas", "lee ademas", "le puede interesar", "te puede interesar",
    "puede interesarle", "te recomendamos", "recomendamos", "relacionadas", "relacionado", "notas relacionadas",
    "noticias relacionadas", "mas noticias", "mas informacion", "publicidad", "anuncio", "suscribete", "suscribase",
    "siguenos", "comparte", "foto",
    "fotos", "foto de", "imagen", "pie de foto", "creditos", "etiquetas",
    "mira tambien", "vea tambien", "ver tambien", "no te pierdas", "descarga", "derechos reservados",
    "todos los derechos",
    "quieres recibir", "unete", "envie sus", "envia tus", "comentarios", "boletin", "ultimas noticias", "video",
)  # fmt: skip
"""First words of lines that belong to the page, not to the story."""
