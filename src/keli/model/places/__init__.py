"""Places as a workspace supplies them."""
