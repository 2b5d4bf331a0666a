"""The seeds folder: how files come in, go out, are watched and fetched."""
