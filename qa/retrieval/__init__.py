"""Question to hits: dense and full-text search, fused by score, then read."""
