"""Fits which sentences are shown: how probably each belongs in the answer."""
