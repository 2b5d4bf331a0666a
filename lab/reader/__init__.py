"""Training of the reader: data, network, loop; it needs the extra ``train``."""
