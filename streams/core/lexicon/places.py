"""Words beside a name that tell what kind of name it is."""

from __future__ import annotations

from typing import Final

from muster.core.lexicon.lists import words

PERSON_TITLES: Final = words("""
    mr mrs ms dr gen general col colonel lt sgt capt captain maj major adm admiral gov governor sen senator rep
    president mayor secretary minister pope king queen prince sheriff chief judge justice don dona sr sra presidente
    presidenta gobernador gobernadora alcalde alcaldesa senador senadora diputado secretario secretaria coronel capitan
    almirante santo lic ing juez jueza padre
    """)
"""Before a name: the name is a person's."""

ORGANISATIONS_AFTER: Final = words("""
    police guard university college airport stadium times post herald tribune street avenue boulevard road county square
    hospital mosque park department court council bridge station river lake island islands museum theatre theater school
    embassy news daily journal sheriff mayor governor security fire port bureau brigade battalion division regiment
    protocol accord summit agreement declaration convention heights drive airlines fc united city's bears bulls valley
    constabulary metropolitan militia garrison fleet task district center centre institute foundation press
    """)
"""After a name: the name is only part of an organisation's or a street's."""

STREETS_AFTER: Final = words("bridge street avenue road hospital prison river drive")

STREETS_BEFORE: Final = words("""
    avenida calle colonia plaza barrio parque puente mercado calzada bulevar boulevard fraccionamiento paseo universidad
    hospital estadio hotel rio lake fort camp san santa colegio autopista carretera street avenue rue mount port cape
    route cartel km battalion operativo operacion operation col colonias distrito aeropuerto cuartel cereso penal
    """)

BEFORE_PLACES: Final = words("""
    downtown central greater north south east west northern southern eastern western suburban inner metropolitan nearby
    h heroica the in to from for at near around outside and of into across city municipio ciudad centro norte sur
    guard guardsmen troops soldiers police officers marines navy army on as with
    """)
"""Capitalised words that may stand before a place without making it a person's name."""

NOT_PLACES: Final = words("""
    police guard army navy marine marines military national federal central union mission most march may august monday
    tuesday wednesday thursday friday saturday sunday north south east west northern southern eastern western guardia
    nacional ejercito marina policia republic state states center government gobierno president congress senate house
    defense defence security force forces general sheriff governor mayor pentagon white operation officer officers
    troops soldiers fort camp base port border frontier frontera norte sur este oeste fuente fuentes plan
    redaccion foto mil vamos
    people many some other others among about after before their there these those this that they we he she it you who
    what when where why how in on at of for from to by with as an and or but if so no not yes new old first second last
    next also both each all more real las los la el un una de del por para con como mas no si es son lee tambien
    one two three four five six seven eight nine ten hundred thousand
    dos tres cuatro cinco seis siete ocho nueve diez
    college treinta cien chamber met otis bush freedom rio hercules middle independencia libertad morelos federals
    reading nice bath sandy university street avenue hope best male eden young lead green independence liberty justice
    victory chief major page date time times post media wire press agency agencies reuters associated photo video live
    update updates news staff writer team home man can say says will
    today tomorrow data sample split orange granada colon alliance enterprise commerce champion normal
    rosa maria jose juan antonio santiago-x carlos san santa saint pie paz victoria-x guerrero-x noticias operativo
    estado estados gobernador alcalde secretaria defensa presidente presidencia capital centro fuerza fuerzas aerea
    ayer hoy segun ademas asimismo otro otros sin sobre tras ante desde hasta durante mientras aunque pero
    """)
"""Words that GeoNames also knows as towns, and that in news are nearly always something else."""

CITY_WORDS: Final = {
    "en": (
        "the city", "this city", "this border city", "the border city", "the town", "this town", "that city",
        "the municipality", "this municipality", "the port", "its streets", "city streets", "the metropolis",
        "the port city", "the resort", "his city", "her city", "our city", "their city", "the capital city",
        "the city's",
    ),
    "es": (
        "la ciudad", "esta ciudad", "esta frontera", "esta urbe", "la urbe", "el municipio", "este municipio",
        "esa ciudad", "la localidad", "el puerto", "este puerto", "la capital sinaloense", "la poblacion",
        "la demarcacion",
    ),
}  # fmt: skip

CITY_NOUNS: Final = {
    "en": words("city town municipality port metropolis resort suburb borough township"),
    "es": words("ciudad urbe municipio localidad puerto metropoli demarcacion poblacion villa"),
}
CITY_DETERMINERS: Final = {
    "en": words("the this that its his her our their"),
    "es": words("la esta esa el este ese nuestra nuestro al del"),
}
"""A determiner, up to two small adjectives in English, and such a noun stand for a city: "the besieged town"."""

HERE_WORDS: Final = {"en": frozenset({"here"}), "es": frozenset({"aqui"})}
THERE_WORDS: Final = {"en": frozenset({"there"}), "es": frozenset({"alli", "ahi", "alla"})}

STATE_WORDS: Final = {
    "en": ("the state", "this state", "the province", "the region", "the entity"),
    "es": ("el estado", "la entidad", "este estado", "esta entidad", "al estado", "del estado", "la provincia"),
}

COUNTRY_WORDS: Final = {
    "en": ("the country", "the nation", "nationwide", "the caribbean nation"),
    "es": ("el pais", "del pais", "el territorio nacional"),
}

NOT_PLACE_PHRASES: Final = frozenset(
    {"middle east", "white house", "new year", "united nations", "supreme court", "fifth street", "main street"}
)
