"""Fits the checker's score of support on people's judgements."""
