"""A questions file to measured quality: retrieval, answers, abstention, latency.

The order of the work: read what to ask (``questions``), ask it (``asking``),
judge each question (``matching``, ``spans``), make figures with intervals of all
(``metrics``, ``figures``, ``curves``), and put them into a report (``report``)
that can be compared with another (``compare``) or drawn (``page``, ``drawing``).
"""

from qa.evaluation.answerability import RecordJudge
from qa.evaluation.claim_files import load_claims
from qa.evaluation.claims import evaluate_claims
from qa.evaluation.compare import Comparison, FigureChange, Flip, compare
from qa.evaluation.glossary import figures_of, meaning, shown
from qa.evaluation.metrics import Texts
from qa.evaluation.page import report_to_html
from qa.evaluation.pipeline import (
    Bench,
    evaluate,
    evaluate_answerability,
    evaluate_retrieval,
)
from qa.evaluation.questions import QuestionSet, load_questions
from qa.evaluation.report import Report, load_report
from qa.evaluation.stored_text import original_text

__all__ = [
    "Bench",
    "Comparison",
    "FigureChange",
    "Flip",
    "QuestionSet",
    "RecordJudge",
    "Report",
    "Texts",
    "compare",
    "evaluate",
    "evaluate_answerability",
    "evaluate_claims",
    "evaluate_retrieval",
    "figures_of",
    "load_claims",
    "load_questions",
    "load_report",
    "meaning",
    "original_text",
    "report_to_html",
    "shown",
]
