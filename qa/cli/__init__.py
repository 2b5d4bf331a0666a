"""The terminal: ``qa ask``, ``build``, ``chat`` and the other commands."""
