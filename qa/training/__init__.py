"""Training of the reader: data, pseudo-questions, negatives, network, loop.

Nothing of the product but ``qa train-reader`` imports this folder; what it needs
beside the product comes with the extra ``train``.
"""
