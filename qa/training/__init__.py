"""Training of the reader, and of the checker (``claims_*``): data, network, loop.

Nothing of the product but ``qa train-…`` imports this folder; what it needs
beside the product comes with the extra ``train``.
"""
