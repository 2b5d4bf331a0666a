"""Who does the heavy work of a build: files to documents, and texts to vectors.

``here`` is this process and its children; ``cluster`` the nodes of a Ray cluster, the
only file that knows Ray. Neither writes anything: the builder does.
"""

from qa.workers.cluster import Cluster
from qa.workers.here import Here
from qa.workers.workers_protocol import Fresh, Seen, Workers

__all__ = ["Cluster", "Fresh", "Here", "Seen", "Workers"]
