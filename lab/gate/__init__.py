"""Fits the gate: how probably what was found answers the question."""
