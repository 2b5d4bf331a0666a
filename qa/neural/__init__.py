"""What computes with weights: embedder, reader, judge, generator; and their files."""
