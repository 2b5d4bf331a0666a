"""Trains the writer: a LoRA adapter with which the small generator answers."""
