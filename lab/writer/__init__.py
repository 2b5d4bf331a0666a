"""Trains the writer: a small generator's adapter that answers in its own words."""
