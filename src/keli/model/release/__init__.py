"""What a release says about itself."""
