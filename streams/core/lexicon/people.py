"""Words for people who are no uniformed force, and words that stand for people named before."""

from __future__ import annotations

from typing import Final

from muster.core.lexicon.lists import words

OTHERS: Final = words("""
    migrants migrant refugees people residents inhabitants locals neighbors neighbours villagers citizens protesters
    demonstrators marchers strikers fans spectators crowd crowds visitors tourists passengers worshippers pilgrims
    families children students pupils teachers workers employees nurses doctors patients voters prisoners inmates
    detainees suspects gunmen gangsters militants rebels insurgents fighters criminals victims dead casualties injured
    murders homicides killings deaths arrests applicants candidates aspirants recruits cadets graduates volunteers
    veterans evacuees survivors households civilians contractors shoppers runners students looters hostages
    migrantes refugiados habitantes pobladores vecinos ciudadanos manifestantes asistentes aficionados espectadores
    visitantes turistas pasajeros feligreses peregrinos familias ninos estudiantes alumnos maestros trabajadores
    empleados medicos enfermeros pacientes votantes presos internos reos detenidos sospechosos pistoleros sicarios
    pandilleros mareros delincuentes victimas muertos muertas fallecidos heridos lesionados homicidios asesinatos
    muertes detenciones aspirantes candidatos opositores reclutas cadetes graduados voluntarios veteranos damnificados
    evacuados sobrevivientes civiles desaparecidos caravana extranjeros haitianos hondurenos venezolanos deportados
    repatriados asegurados personas gente
    """)

PRONOUNS: Final = words("""
    them they those these rest remaining others colleagues comrades whom who
    ellos ellas esos estos resto restantes demas companeros quienes cuales otros
    """)
"""Beside a number: it counts people named before."""

SAYING: Final = words("""
    said says told tells announced reported added explained confirmed noted according spokesman spokeswoman spokesperson
    dijo dice informo senalo explico afirmo declaro indico preciso anuncio aseguro segun vocero vocera portavoz
    """)

OFFICIALS: Final = words("""
    mayor governor chief council government authorities officials office prosecutor bishop hospital university
    alcalde alcaldesa gobernador gobernadora gobierno ayuntamiento autoridades fiscalia jefe obispo cabildo edil
    """)
"""Beside the name of a place: it says whose words these are, not where the people go."""

TOPICS: Final = {
    "exercise": words("exercise exercises drill parade homecoming graduation ejercicio ejercicios desfile maniobras"),
    "exam": words("applicants candidates exam recruits recruiting aspirantes opositores examen pruebas reclutas"),
    "losses": words("casualties losses bajas frontline"),
}
"""What an article may be about instead of a deployment."""
