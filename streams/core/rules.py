"""The names of the rules that make a figure: a closed vocabulary, in the order in which they can apply."""

from __future__ import annotations

from typing import Final, Literal

Rule = Literal[
    "only_figure",
    "most_support",
    "exact_figure",
    "newest",
    "largest",
    "increments_alone",
    "sum_of_forces",
    "increments_added",
    "withdrawals_subtracted",
    "cancellations_subtracted",
    "voided_by_cancellation",
    "undated",
]

RULES: Final[dict[Rule, str]] = {
    "only_figure": "every report in the window, or confirmed by it, carries this number",
    "most_support": "more independent sources carry this number than any other",
    "exact_figure": "of the numbers with the most support this alone is an exact one",
    "newest": "of the numbers with the most support this was reported last",
    "largest": "of the numbers with the most support, reported at the same time, this is the largest",
    "increments_alone": "only increments are known; they stand for themselves",
    "sum_of_forces": "forces that are certainly different people are together more than any one figure says",
    "increments_added": "increments reported after the figure were added to it",
    "withdrawals_subtracted": "withdrawals reported after the figure were subtracted from it",
    "cancellations_subtracted": "a smaller cancelled figure was subtracted from the plan",
    "voided_by_cancellation": "an equal or larger cancelled figure voids the plan",
    "undated": "no report that carries the figure has a date",
}
"""What each rule says, for people."""
