"""What is delivered of the synthetic district: files as dirty as real ones, each fault written down."""
