"""Planned, deployed, leaving, gone, called off, or denied: by the cue words nearest to a number.

Cues are found once a sentence. A modal before a verb makes it future; a negation before it voids it. Distance is
counted in tokens and grows at clause boundaries and at other numbers, so that each number takes its own clause's verb.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from muster.core.lexicon.lists import words
from muster.core.lexicon.status import ACCENTED, CUES, Label
from muster.core.text import Document, Token

Verdict = Literal["planned", "deployed", "withdrawn", "withdrawing", "cancelled", "denied"]

MODAL_REACH_TOKENS: Final = 5
NEGATION_REACH_TOKENS: Final = 3
_WEAK_COST: Final = 9.0
_BOUNDARY_COST: Final = {";": 12.0, ":": 4.0, "—": 5.0, "\u2013": 5.0, ",": 1.5, "(": 3.0, ")": 3.0}
_CONJUNCTION_COST: Final = 3.0
_CONJUNCTIONS: Final = words(
    """
    and but while where who which after before when although because whereas that since y pero mientras aunque
    donde quienes que cuando tras luego porque
    """
)
_DENIAL_REACH: Final = 45.0


class Cue(NamedTuple):
    """A verb group at tokens first..last-1."""

    first: int
    last: int
    verdict: Verdict
    weak: bool
    local: bool = False  # a plain negation, which reaches no further than its verb


def cues(document: Document, first: int, last: int) -> list[Cue]:
    """The cues of tokens first..last-1, modals and negations already worked into the verbs that they govern."""
    raw = _raw(document, first, last)
    found: list[Cue] = []
    modal: int | None = None
    modal_start = negation_end = -100
    for start, end, label in raw:
        if label == "not":
            negation_end = end
            continue
        if label == "modal":
            if modal is None or start - modal > MODAL_REACH_TOKENS:
                modal_start = start
            modal = end
            found.append(Cue(start, end, "planned", weak=False))
            continue
        if label == "leave" and end - start == 1 and not _leaves(document.tokens, start, last):
            if document.tokens[start].key not in _CARRIED:
                continue
            label = "deployed"  # noqa: PLW2901  `took 420 soldiers to`
        future = modal is not None and start - modal <= MODAL_REACH_TOKENS
        negated = 0 <= start - negation_end <= NEGATION_REACH_TOKENS or (
            future and modal_start <= negation_end <= start
        )
        verdict, weak = _verdict(label, future=future, negated=negated)
        if future and found and found[-1].last == modal and found[-1].verdict == "planned":
            found.pop()  # the modal alone: its verb tells more
        found.append(Cue(modal_start if future else start, end, verdict, weak and not future, local=negated))
        if future:
            modal = end if label in ("deployed", "planned") else None
    return found


def _leaves(tokens: list[Token], i: int, last: int) -> bool:
    """Verbs like `pulled` and `took` tell of leaving only with `out` or `off` behind their object."""
    if tokens[i].key not in _PARTICLE_VERBS:
        return True
    return any(t.key in ("out", "off", "back", "away") for t in tokens[i + 1 : min(last, i + _PARTICLE_REACH)])


_PARTICLE_VERBS: Final = words("pull pulls pulled pulling take takes took taken move moved bring")
_PARTICLE_REACH: Final = 12
_CARRIED: Final = frozenset({"took", "moved"})


def _verdict(label: Label, *, future: bool, negated: bool) -> tuple[Verdict, bool]:
    weak = label.startswith("weak_")
    plain = label.removeprefix("weak_")
    if plain not in _WHATEVER and negated:
        return ("cancelled" if future else "denied"), weak
    now, later = _TENSES[plain]
    return (later if future else now), weak


_WHATEVER: Final = frozenset({"cancelled", "denied", "stay"})
_TENSES: Final[dict[str, tuple[Verdict, Verdict]]] = {
    "cancelled": ("cancelled", "cancelled"),
    "denied": ("denied", "denied"),
    "stay": ("deployed", "deployed"),
    "planned": ("planned", "planned"),
    "deployed": ("deployed", "planned"),
    "leave": ("withdrawn", "withdrawing"),
    "withdrawn": ("withdrawn", "withdrawing"),
    "withdrawing": ("withdrawing", "withdrawing"),
}
"""What a label means in the past or present, and after a modal."""


def _raw(document: Document, first: int, last: int) -> list[tuple[int, int, Label]]:
    tokens, lang = document.tokens, document.lang
    table = CUES[lang]
    ends = _VERB_ENDS[lang]
    found: list[tuple[int, int, Label]] = []
    done = first
    for i, key in enumerate(document.keys[first:last], first):
        phrases = table.get(key)
        if i < done or (phrases is None and not key.endswith(ends)) or tokens[i].kind != "word":
            continue
        if key == "plan" and tokens[i].capital and i + 1 < last and tokens[i + 1].capital:
            continue  # the name of an operation: `como parte del Plan Güemes`
        hit = None if phrases is None else _longest(document, i, last, phrases)
        if hit is not None:
            found.append((i, *hit))
            done = hit[0]
        elif lang == "es":
            if _is_spanish_future(tokens[i]) and (i == first or not tokens[i].capital):
                found.append((i, i + 1, "modal"))
        elif key.endswith(ends):
            found.append((i, i + 1, "not"))
            if key in ("won't", "wouldn't", "can't"):
                found.append((i, i + 1, "modal"))
    return found


_VERB_ENDS: Final = {"en": ("n't",), "es": ("ra", "ran")}
"""How keys of words end that are no cues in themselves: `hasn't`, and `enviarán`."""


def _longest(
    document: Document, i: int, last: int, candidates: tuple[tuple[tuple[str, ...], Label], ...]
) -> tuple[int, Label] | None:
    following: tuple[str, ...] = ()
    if len(candidates[0][0]) > 1:  # the longest comes first
        following = tuple(document.keys[i : min(last, i + _CUE_TOKENS_MAX)])
    for phrase, label in candidates:
        size = len(phrase)
        if size == 1 or following[:size] == phrase:
            if document.lang == "es" and not _tense_fits(document.tokens[i], label, alone=size == 1):
                continue
            return i + size, label
    return None


_CUE_TOKENS_MAX: Final = max(len(phrase) for table in CUES.values() for cues in table.values() for phrase, _ in cues)
_AMBIGUOUS: Final = frozenset(
    w[:-1] + "o" for w in ACCENTED
)  # keys of accented pasts: without the accent they are a noun or a present


def _tense_fits(token: Token, label: Label, *, alone: bool) -> bool:
    """`envío` and `retiro` are nouns, `envió` and `retiró` pasts; upper case carries no accent and fits both."""
    if token.key not in _AMBIGUOUS or token.text.isupper():
        return True
    past = token.text.lower().endswith("ó")
    return past != label.startswith("weak_") if alone else not past


def _is_spanish_future(token: Token) -> bool:
    """enviará, llegarán, recibirán; not está or the pasts and subjunctives without the accent."""
    return token.key.endswith(("ra", "ran")) and len(token.text) > 4 and token.text.lower().endswith(("rá", "rán"))


def is_denied(document: Document, found: list[Cue], at: int) -> bool:
    """A denial earlier in the sentence covers what it introduces, up to a `but` or a semicolon."""
    for cue in found:
        if cue.verdict == "denied" and not cue.local and cue.last <= at:
            between = document.tokens[cue.last : at]
            if not any(t.key in ("but", "pero", "sino") or t.text == ";" for t in between):
                return True
    return False


def _is_reversed(document: Document, found: list[Cue], after: int) -> bool:
    """`... pencilled in for 400, but the ministry struck the line out`."""
    for cue in found:
        if cue.verdict == "cancelled" and cue.first >= after:
            return any(t.key in ("but", "until", "pero") for t in document.tokens[after : cue.first])
    return False


def _is_already_there(document: Document, after: int) -> bool:
    """`to join the 1,700 already in the city`, `los 400 que ya patrullan`."""
    window = document.tokens[after : after + 2]
    return any(token.key in ("already", "ya") for token in window)


def _is_of_another(document: Document, after: int, cue: Cue) -> bool:
    """A denial behind the number that is not of it: `1,000 guards who let nobody out`."""
    return any(t.key in _RELATIVES for t in document.tokens[after : cue.first])


_RELATIVES: Final = frozenset({"who", "which", "that", "que", "quienes", ";"})


def judge(
    document: Document, found: list[Cue], number_at: tuple[int, int], others: list[tuple[int, int]]
) -> tuple[Verdict | None, bool]:
    """(verdict, weak) of the cue that governs the number at tokens number_at[0]..number_at[1]-1; (None, True): no cue.

    `others` are the spans of the other counted numbers of the sentence.
    """
    if is_denied(document, found, number_at[0]):
        return "denied", False
    if _is_reversed(document, found, number_at[1]):
        return "cancelled", False
    if _is_already_there(document, number_at[1]):
        return "deployed", False
    best: tuple[float, Cue] | None = None
    for cue in found:
        if cue.verdict == "denied" and cue.first >= number_at[1] and _is_of_another(document, number_at[1], cue):
            continue
        cost = _distance(document.tokens, cue, number_at, others) + (_WEAK_COST if cue.weak else 0.0)
        if cue.verdict in ("denied", "cancelled"):
            cost -= 4.0
        if best is None or cost < best[0]:
            best = (cost, cue)
    if best is None or best[0] > _DENIAL_REACH:
        return None, True
    governing = _main_verb(document.tokens, found, best[1], number_at[1])
    return governing.verdict, governing.weak


def _main_verb(tokens: list[Token], found: list[Cue], cue: Cue, after: int) -> Cue:
    """`144 officers who landed last week will be stationed in X`: not the verb that tells who they are."""
    if cue.first < after or tokens[after].key not in _WHO:
        return cue
    for later in found:
        if later.first >= cue.last and not later.weak and not later.local and later.verdict != "denied":
            between = tokens[cue.last : later.first]
            if any(t.kind == "mark" or t.key in _CONJUNCTIONS or t.key in _INTO for t in between):
                return cue
            return later
    return cue


_WHO: Final = words("who which that que quienes")
_INTO: Final = words("to para a")
"""What follows belongs to the same verb: `who were sent to guard`, `que llegaron para vigilar`."""


def _distance(tokens: list[Token], cue: Cue, at: tuple[int, int], others: list[tuple[int, int]]) -> float:
    if cue.last <= at[0]:
        start, end = cue.last, at[0]
    elif cue.first >= at[1]:
        start, end = at[1], cue.first
    else:
        return 0.0
    cost = 0.35 * (end - start)
    for i in range(start, end):
        token = tokens[i]
        if token.kind == "mark":
            cost += _BOUNDARY_COST.get(token.text, 0.0)
        elif token.key in _CONJUNCTIONS:
            cost += _CONJUNCTION_COST
    return cost + sum(6.0 for o in others if start <= o[0] < end)
