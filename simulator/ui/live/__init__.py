"""Controls that answer while they are dragged, and the number that follows them."""
