"""Words for uniformed forces and for what is not one, in English and Spanish.

`HEADS` are nouns that can be counted as uniformed people; their category is None where the noun alone does not tell
("personnel", "elementos"). `SOFT_HEADS` count as such only beside a force word ("Guard members", not "members").
`BODIES` are names of forces. Categories follow gold/GUIDE.md: gendarmes and border or national forces of a police kind
are paramilitary, military police is army.
"""

from __future__ import annotations

from typing import Final

from muster.core.lexicon.lists import words
from muster.core.model import ForceCategory

Category = ForceCategory | None


def _table(rows: dict[Category, str]) -> dict[str, Category]:
    return {word: category for category, listed in rows.items() for word in listed.split()}


HEADS: Final[dict[str, dict[str, Category]]] = {
    "en": _table({
        None: "troops troop personnel troopers reinforcements operatives uniforms officers forces",
        "army": "soldiers soldier infantrymen paratroopers servicemen servicewomen reservists jawans gunners regulars "
        "commandos engineers squaddies",
        "national_guard": "guardsmen guards guardsman guardsmembers",
        "marines": "marines",
        "navy": "sailors seamen",
        "air_force": "airmen",
        "police": "police policemen policewomen constables cops bobbies carabineers",
        "federal_agents": "agents",
        "paramilitary": "gendarmes carabinieri paramilitaries rangers",
        "peacekeepers": "peacekeepers",
    }),
    "es": _table({
        None: "elementos efectivos uniformados tropas oficiales refuerzos agentes",
        "army": "soldados militares paracaidistas fusileros reservistas castrenses",
        "national_guard": "guardias",
        "marines": "marines infantes",
        "navy": "marinos marineros",
        "police": "policias",
        "paramilitary": "carabineros gendarmes",
    }),
}  # fmt: skip

SOFT_HEADS: Final = {
    "en": words("members staff men women people deputies employees volunteers specialists others fighters colleagues"),
    "es": words("integrantes miembros hombres mujeres personas funcionarios companeros combatientes muchachos"),
}

BODIES: Final[dict[str, dict[tuple[str, ...], ForceCategory]]] = {
    "en": {
        ("national", "guard"): "national_guard", ("national", "guards"): "national_guard",
        ("air", "national", "guard"): "national_guard", ("army", "national", "guard"): "national_guard",
        ("armed", "forces"): "army", ("army",): "army", ("military", "police"): "army", ("military",): "army",
        ("infantry",): "army",
        ("special", "forces"): "army", ("reserve",): "army", ("airborne",): "army", ("active", "duty"): "army",
        ("marine", "corps"): "marines", ("marine",): "marines", ("marines",): "marines", ("navy",): "navy",
        ("naval",): "navy", ("air", "force"): "air_force", ("police",): "police", ("highway", "patrol"): "police",
        ("federal", "police"): "police", ("state", "police"): "police", ("state", "troopers"): "police",
        ("sheriff",): "police", ("special", "police"): "police", ("border", "police"): "police",
        ("border", "guard"): "federal_agents", ("border", "guards"): "federal_agents",
        ("border", "force"): "federal_agents", ("presidential", "guard"): "army", ("republican", "guard"): "army",
        ("home", "guard"): "army", ("defence", "league"): "paramilitary", ("defense", "league"): "paramilitary",
        ("constabulary",): "police", ("riot", "police"): "police",
        ("federal", "agents"): "federal_agents", ("federal", "agent"): "federal_agents",
        ("border", "patrol"): "federal_agents", ("ice",): "federal_agents", ("cbp",): "federal_agents",
        ("fbi",): "federal_agents", ("atf",): "federal_agents", ("dea",): "federal_agents",
        ("immigration",): "federal_agents", ("homeland", "security"): "federal_agents",
        ("marshals",): "federal_agents", ("federal", "officers"): "federal_agents",
        ("federal", "law", "enforcement"): "federal_agents", ("customs",): "federal_agents",
        ("crpf",): "paramilitary", ("bsf",): "paramilitary", ("itbp",): "paramilitary", ("capf",): "paramilitary",
        ("cisf",): "paramilitary", ("rapid", "action", "force"): "paramilitary",
        ("central", "reserve", "police"): "paramilitary", ("border", "security", "force"): "paramilitary",
        ("central", "armed", "police"): "paramilitary", ("assam", "rifles"): "paramilitary",
        ("frontier", "corps"): "paramilitary", ("rangers",): "paramilitary", ("gendarmerie",): "paramilitary",
        ("gendarme",): "paramilitary", ("carabinieri",): "paramilitary", ("civil", "guard"): "paramilitary",
        ("guardia", "civil"): "paramilitary", ("national", "public", "security", "force"): "paramilitary",
        ("national", "force"): "paramilitary", ("paramilitary",): "paramilitary",
        ("peacekeeping",): "peacekeepers", ("blue", "helmets"): "peacekeepers", ("kfor",): "peacekeepers",
        ("soldiers",): "army", ("guardsmen",): "national_guard", ("policemen",): "police", ("sailors",): "navy",
        ("peacekeepers",): "peacekeepers", ("gendarmes",): "paramilitary", ("airmen",): "air_force",
        ("guardia", "nacional"): "national_guard", ("cops",): "police",
    },
    "es": {
        ("guardia", "nacional"): "national_guard", ("guardias", "nacionales"): "national_guard",
        ("ejercito",): "army", ("policia", "militar"): "army", ("policias", "militares"): "army",
        ("fuerzas", "especiales"): "army", ("fuerzas", "armadas"): "army", ("fuerza", "armada"): "army",
        ("militares",): "army",
        ("soldados",): "army",
        ("infanteria", "de", "marina"): "marines", ("infantes", "de", "marina"): "marines",
        ("marina",): "navy", ("armada",): "navy", ("marinos",): "navy",
        ("fuerza", "aerea"): "air_force", ("policia",): "police", ("policias",): "police",
        ("policia", "federal"): "police", ("policia", "nacional"): "police", ("policia", "estatal"): "police",
        ("agentes", "federales"): "federal_agents", ("patrulla", "fronteriza"): "federal_agents",
        ("fuerza", "nacional"): "paramilitary", ("fuerza", "nacional", "de", "seguridad"): "paramilitary",
        ("guardia", "civil"): "paramilitary", ("guardias", "civiles"): "paramilitary",
        ("gendarmeria",): "paramilitary", ("gendarmes",): "paramilitary", ("carabineros",): "paramilitary",
        ("cascos", "azules"): "peacekeepers", ("fuerzas", "federales"): "federal_agents",
        ("policia", "antidisturbios"): "police", ("antidisturbios",): "police",
    },
}  # fmt: skip

GUARD_WORDS: Final = frozenset({"guard", "guardia", "guardias", "guardsmen"})
"""Capitalised `Guard` alone names the National Guard of the story."""

MODIFIERS: Final = {
    "en": words("""
        additional more extra new fresh further federal state local municipal provincial regional national security
        special elite riot active duty armed masked heavily lightly uniformed plainclothes border law enforcement
        combat mechanized mechanised motorized airborne mounted civil peacekeeping foreign trained reserve reinforcement
        regular crack specially equipped well experienced out-of-state troop force forces british french american
        mexican army military u.s us un nato eu joint coalition allied strong coast guard highway patrol county city
        traffic frontier battle hardened seasoned backup extra-duty public order rapid reaction response tactical
        uniform emergency time full off part white bearing rifle quick multinational metropolitan intelligence officers
        air capital other such or so odd plus medical logistics support deputy first initial
        mobile forensic undercover anti-riot veteran junior senior unarmed female male black-uniformed black-clad
        specialist specialised specialized helmeted detached loaned visiting paid
        """),
    "es": words("""
        nuevos nuevas mas adicionales elementos efectivos federales estatales municipales locales nacionales
        militares armados uniformados especiales integrantes mexicanos estadounidenses antidisturbios activos castrenses
        primeros fuertemente extra otros restantes operativos navales preventivos procedentes agentes
        """),
}

EXCLUDING_AFTER: Final = {
    "en": words("""
        killed dead died wounded injured hurt slain missing deserted arrested detained captured recruited trained
        graduated retired resigned convicted charged fired dismissed kidnapped suspended perished infected
        volunteers recruits strong-willed
        """),
    "es": words("""
        muertos muertas fallecidos heridos heridas lesionados lesionadas murieron detenidos asesinados desertaron
        graduados egresados caidos desaparecidos secuestrados despedidos contagiados jubilados fallecieron abatidos
        """),
}
EXCLUDING_BEFORE: Final = {
    "en": words("""
        recruitment killed killing wounded wounding injured injuring captured capturing kidnapped arrested
        arresting detained swore sworn
        recruit recruited recruits hire hired train trained graduate graduated injuries casualties lost charged
        """),
    "es": words("""
        mato mataron hirio hirieron herido heridos muertos lesiono lesionados detuvo detuvieron capturaron capturo
        reclutar reclutara reclutaron graduo graduaron fallecieron murieron lesionados
        """),
}

OTHER_PEOPLE: Final = words("""
    murders murder homicides homicide killings killed dead deaths toll casualties victims arrests arrest detainees
    migrants refugees people residents inhabitants population protesters demonstrators crowd capacity enrollment
    passengers vehicles cars trucks crossings apprehensions prisoners inmates pesos dollars percent tickets votes
    candidates applicants aspirants complaints companies shops hotels boats kilometers miles square degrees mercury
    temperature schools students pupils pages readers subscribers
    muertos fallecidos muertes homicidios asesinatos asesinados detenidos detenciones migrantes refugiados habitantes
    poblacion manifestantes capacidad pasajeros vehiculos presos internos pesos dolares candidatos aspirantes
    solicitudes quejas empresas hoteles kilometros desaparecidos desaparicion lesionados asegurados carpetas
    repatriados deportados turistas alumnos estudiantes opositores plazas vacantes papeletas carros camiones victimas
    """)
"""Beside these a number without a noun counts something else."""

GROUP_WORDS: Final = words("force contingent group total detachment fuerza contingente grupo total agrupamiento")
