"""What is asked: a question and its history come to one value, ``Question``."""
