"""One file from the web, because the user named its address, and nothing else.

``addresses`` says what may be contacted, ``connecting`` contacts exactly that,
``fetch`` follows redirects and reads within bounds, ``kinds`` says what came.
"""

from qa.library.fetching.addresses import is_public
from qa.library.fetching.fetch import Fetched, fetch_url, is_address

__all__ = ["Fetched", "fetch_url", "is_address", "is_public"]
