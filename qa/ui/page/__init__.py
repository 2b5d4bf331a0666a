"""The page that a browser shows: its components, and what is drawn in them."""
