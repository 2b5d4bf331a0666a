"""Trains the judge: a cross-encoder that says whether evidence supports a sentence."""
