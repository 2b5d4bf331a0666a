"""What a text is made of: words, numbers, names of places, orders to a machine."""
