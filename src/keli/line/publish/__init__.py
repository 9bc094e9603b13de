"""Stage publish: open tables become a release, whole or not at all."""
