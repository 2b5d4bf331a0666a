"""Everything that computes with weights: embedder, reader, generator, their files."""
