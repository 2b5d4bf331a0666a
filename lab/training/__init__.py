"""What the trainings of the reader and of the judge share: weights and checkpoints."""
