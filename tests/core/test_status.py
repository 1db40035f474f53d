"""What is said of the number: to come, there, leaving, gone, called off, denied."""

from __future__ import annotations

import pytest

from muster.core import numbers, status, text


def verdict(words, lang="en"):
    document = text.read(words, None, lang)
    assert document is not None
    sentence = document.sentences[0]
    (number,) = numbers.find(document, sentence.first, sentence.last)
    found = status.cues(document, sentence.first, sentence.last)
    return status.judge(document, found, (number.phrase_first, number.phrase_last + 1), [])[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The army will send 300 soldiers to the town.", "planned"),
        ("300 soldiers are expected in the town.", "planned"),
        ("300 soldiers will be deployed in the town.", "planned"),
        ("300 soldiers are on their way to the town.", "planned"),
        ("300 soldiers have been deployed in the town.", "deployed"),
        ("300 soldiers arrived in the town.", "deployed"),
        ("300 soldiers are patrolling the town.", "deployed"),
        ("300 soldiers will remain in the town.", "deployed"),
        ("300 soldiers left the town.", "withdrawn"),
        ("300 soldiers were pulled out of the town.", "withdrawn"),
        ("300 soldiers will leave the town.", "withdrawing"),
        ("The governor called off plans to send 300 soldiers.", "cancelled"),
        ("300 soldiers won't be sent after all.", "cancelled"),
        ("The mayor denied that 300 soldiers had come.", "denied"),
        ("Rumors of 300 soldiers spread.", "denied"),
        ("300 soldiers who landed last week will be stationed in the town.", "planned"),
        ("300 soldiers who were sent to guard the town have their own cooks.", "deployed"),
        ("The ministry has moved 300 soldiers to the town.", "deployed"),
        ("An earlier team of 300 soldiers has been in the town since April.", "deployed"),
    ],
)
def test_english_verbs_give_the_status(words, expected):
    """By tense, modal, negation and denial."""
    assert verdict(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Enviarán 300 soldados a la ciudad.", "planned"),
        ("El gobierno prevé el envío de 300 soldados.", "planned"),
        ("Serán desplegados 300 soldados.", "planned"),
        ("Llegaron 300 soldados a la ciudad.", "deployed"),
        ("El gobierno envió 300 soldados.", "deployed"),
        ("Permanecerán 300 soldados en la ciudad.", "deployed"),
        ("El Ejército retiró 300 soldados.", "withdrawn"),
        ("El Ejército retirará 300 soldados.", "withdrawing"),
        ("El gobierno canceló el envío de 300 soldados.", "cancelled"),
        ("La alcaldía desmintió la llegada de 300 soldados.", "denied"),
        ("El Ejército trasladó el viernes a 300 soldados a la ciudad.", "deployed"),
        ("La ministra dijo que 300 soldados comenzaron a patrullar la ciudad como parte del Plan Güemes.", "deployed"),
        ("Desde el alba ingresaron 300 soldados al cerro, en Durán.", "deployed"),
    ],
)
def test_spanish_verbs_give_the_status(words, expected):
    """Also where only an accent tells the tense."""
    assert verdict(words, "es") == expected
