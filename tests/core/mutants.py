"""Mutated articles with known answers: one story told with other cities, figures, forces, words, orders and noise.

The words are our own. Article n is a pure function of n.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from muster.core.model import Article

Lang = Literal["en", "es"]
Answer = tuple[str, str, int | None, int | None, str, str]  # scope, place, low, high, status, force

COUNTRIES = {
    "en": [
        ("Mexico", "MX", ["Ciudad Juárez", "Tijuana", "Reynosa", "Mexicali", "Nuevo Laredo"], "northern", "San Diego"),
        ("Poland", "PL", ["Białystok", "Suwałki", "Lublin", "Rzeszów"], "eastern", "Brest"),
        ("Ecuador", "EC", ["Esmeraldas", "Guayaquil", "Machala", "Quevedo"], "northern", "Pasto"),
        ("India", "IN", ["Srinagar", "Amritsar", "Imphal", "Guwahati"], "western", "Lahore"),
        ("Kenya", "KE", ["Garissa", "Mombasa", "Kisumu", "Nakuru"], "northern", "Moyale"),
        ("Thailand", "TH", ["Chiang Rai", "Mae Sot", "Hat Yai"], "western", "Yangon"),
        ("Finland", "FI", ["Lappeenranta", "Joensuu", "Kuopio"], "eastern", "Vyborg"),
    ],
    "es": [
        ("México", "MX", ["Ciudad Juárez", "Tijuana", "Reynosa", "Mexicali"], "norte", "San Diego"),
        ("Chile", "CL", ["Iquique", "Arica", "Antofagasta", "Calama"], "norte", "Tacna"),
        ("Perú", "PE", ["Trujillo", "Piura", "Tacna", "Chiclayo"], "norte", "Loja"),
        ("Colombia", "CO", ["Cúcuta", "Cali", "Popayán", "Buenaventura"], "oriental", "San Cristóbal"),
    ],
}
SIDES = {"norte": "northern", "oriental": "eastern"}
FORCES = {
    "en": [
        ("National Guard", "guardsmen", "national_guard"),
        ("army", "soldiers", "army"),
        ("federal police", "police officers", "police"),
        ("gendarmerie", "gendarmes", "paramilitary"),
        ("navy", "sailors", "navy"),
    ],
    "es": [
        ("Guardia Nacional", "elementos de la Guardia Nacional", "national_guard"),
        ("Ejército", "soldados", "army"),
        ("Policía Nacional", "policías", "police"),
        ("Gendarmería", "gendarmes", "paramilitary"),
    ],
}

AT_LEAST = {
    "en": [
        "{a} is set to receive at least {x} {who}.",
        "At least {x} {who} will be sent to {a}.",
        "{a} will get no fewer than {x} {who}.",
        "More than {x} {who} are to be stationed in {a}.",
        "The plan sets aside upwards of {x} {who} for {a}.",
        "For {a}, at least {x} {who} have been ordered.",
    ],
    "es": [
        "{a} recibirá al menos {x} {who}.",
        "Más de {x} {who} serán enviados a {a}.",
        "A {a} llegarán por lo menos {x} {who}.",
        "El plan prevé enviar cuando menos {x} {who} a {a}.",
    ],
}
EXACT = {
    "en": [
        "{b} is expected to receive {y} {who}.",
        "Another column is bound for {b}, where {y} {who} are due on Friday.",
        "{y} {who} will be sent to {b}.",
        "The ministry has ordered {y} {who} to {b}.",
        "{b} will get {y} {who}, a spokeswoman said.",
        "In {b}, {y} {who} are to be on the streets within a week.",
    ],
    "es": [
        "{b} recibirá {y} {who}.",
        "{y} {who} serán enviados a {b}.",
        "A {b} se enviarán {y} {who}.",
        "El gobierno ordenó el envío de {y} {who} a {b}.",
        "En {b} serán desplegados {y} {who}.",
    ],
}
TOTAL = {
    "en": [
        "{country} has promised to send {z} {who} to its {side} border.",
        "Trucks rolled out at dawn at the start of the deployment of {z} {who} to the {side} border.",
        "The government of {country} will send {z} {who} to the {side} border.",
        "Up to now nobody had believed that {z} {who} would be sent to the {side} border of {country}.",
    ],
    "es": [
        "El gobierno de {country} enviará {z} {who} a la frontera {side}.",
        "{country} prometió enviar {z} {who} a su frontera {side}.",
        "Serán {z} {who} los que se desplegarán en la frontera {side} de {country}.",
    ],
}
NOISE = {
    "en": [
        "Some {n} migrants were waiting in shelters along the road.",
        "Police made {n} arrests in the past week, a prosecutor said.",
        "The convoy had {n} kilometers to go and one tank of fuel.",
        "Since 2019 the fence has cost {n} million dollars.",
        "In {neighbour}, on the other side, nobody had been told anything.",
        "A market woman, 58, said she had sold {n} loaves by noon.",
        "About {n} people marched against the plan on Sunday.",
        "Also read: {n} soldiers honoured at a parade in {neighbour}",
        "Tariffs of 25 percent were put off for {m} days.",
        "Doctors treated {n} patients, and {m} of them stayed overnight.",
    ],
    "es": [
        "Unos {n} migrantes esperaban en los albergues.",
        "La fiscalía reportó {n} detenciones en la última semana.",
        "El convoy tenía por delante {n} kilómetros.",
        "Desde 2019 la valla ha costado {n} millones de pesos.",
        "En {neighbour}, del otro lado, nadie había sido avisado.",
        "Cerca de {n} personas marcharon contra el plan el domingo.",
        "Lee también: Homenajean a {n} soldados en {neighbour}",
        "Los aranceles de 25 por ciento quedaron en pausa por {m} días.",
    ],
}
TITLES = {"en": "{country} moves forces to its border", "es": "{country} mueve fuerzas a su frontera"}


@dataclass(frozen=True)
class Mutant:
    article: Article
    answers: frozenset[Answer]


def mutant(n: int) -> Mutant:
    """Article n; every third one is Spanish."""
    chance = random.Random(n)
    lang: Lang = "es" if n % 3 == 2 else "en"
    country, code, cities, side, neighbour = chance.choice(COUNTRIES[lang])
    a, b = chance.sample(cities, 2)
    _, who, category = chance.choice(FORCES[lang])
    x, y, z = chance.randint(210, 1890), chance.randint(2010, 4990), chance.randint(60, 190) * 100
    words = {
        "country": country,
        "side": side,
        "neighbour": neighbour,
        "a": a,
        "b": b,
        "who": who,
        "x": spelled(x, lang, chance),
        "y": spelled(y, lang, chance),
        "z": spelled(z, lang, chance),
    }
    told = [chance.choice(AT_LEAST[lang]), chance.choice(EXACT[lang]), chance.choice(TOTAL[lang])]
    chance.shuffle(told)
    noise = [
        line.replace("{n}", str(chance.randint(31, 940))).replace("{m}", str(chance.randint(11, 90)))
        for line in chance.sample(NOISE[lang], 5)
    ]
    lines = [line.format(**words) for line in told]
    for line in noise:
        lines.insert(chance.randint(1, len(lines)), line.format(**words))
    text = "\n".join(line[0].upper() + line[1:] for line in lines)
    article = Article(f"mutant-{n}", text, title=TITLES[lang].format(**words), lang=chance.choice([lang, None]))
    canonical = SIDES.get(side, side)
    answers: set[Answer] = {
        ("city", a, x, None, "planned", category),
        ("city", b, y, y, "planned", category),
        ("region", f"region:{code}:{canonical}-border", z, z, "planned", category),
    }
    return Mutant(article, frozenset(answers))


def spelled(number: int, lang: Lang, chance: random.Random) -> str:
    """A number as one or another newspaper writes it."""
    groups = f"{number:,}"
    forms = [groups, str(number), groups.replace(",", "\N{NO-BREAK SPACE}")]
    if lang == "es":
        forms = [groups, groups.replace(",", "."), groups.replace(",", " ")]
        if number > 1_000:
            thousands, rest = divmod(number, 1_000)
            lead = f"{thousands} mil" if thousands > 1 else "mil"
            forms.append(f"{lead} {rest}" if rest else lead)
    elif number % 1_000 == 0:
        forms.append(f"{number // 1_000} thousand")
    return chance.choice(forms)
