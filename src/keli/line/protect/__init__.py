"""Stage protect: the first door. Sensitive figures are emptied before anything leaves the vault."""
