"""Measures how a question's intent is told, on questions held out, and fits a head."""
