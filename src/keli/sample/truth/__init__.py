"""What is true of the synthetic district: its units, their accounts, the headline they add up to."""
