"""Relations between printed figures: what they imply, whether they agree, and what would make them agree."""
