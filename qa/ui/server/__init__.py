"""The server behind the page: what may reach it, who waits, what programs may ask."""
