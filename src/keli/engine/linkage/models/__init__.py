"""Models: how firms and persons are compared, by which keys they meet."""
