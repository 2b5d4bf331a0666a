"""An index on shared storage: LanceDB tables in a folder or on S3, which any number of
machines read while one of them builds.

``generations`` has one row a generation, which names the version of every other table;
a reader opens exactly these. A builder writes new versions of the tables, which nobody
sees, and then that row. ``rows`` says what the tables hold; ``tables`` is the only file
that knows LanceDB.
"""

from qa.index.lance.store import LanceStore, delete_shared

__all__ = ["LanceStore", "delete_shared"]
