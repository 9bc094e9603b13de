"""The line: stages from delivered files to an immutable release."""
