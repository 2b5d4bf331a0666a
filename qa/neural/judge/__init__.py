"""Sentence and evidence to the probability that the one supports the other.

Beside the exact tests of ``verification``: it judges meaning, so that answers may
be in their own words.
"""

from qa.neural.judge.judge_protocol import Judge, Opinion
from qa.neural.judge.judge_stored import SETTINGS, read_settings
from qa.neural.judge.nli import NliJudge
from qa.neural.judge.trained import TrainedJudge

__all__ = [
    "SETTINGS",
    "Judge",
    "NliJudge",
    "Opinion",
    "TrainedJudge",
    "read_settings",
]
