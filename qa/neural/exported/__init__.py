"""Networks exported once, which start without torch: stored, sealed, run.

An encoder or a reader is traced by torch into a graph that ONNX Runtime runs: the
same numbers, in a fraction of the time that importing torch takes. What is stored
can always be made again.
"""

from qa.neural.exported.network import Network
from qa.neural.exported.store import Networks, Recipe, Stored

__all__ = ["Network", "Networks", "Recipe", "Stored"]
