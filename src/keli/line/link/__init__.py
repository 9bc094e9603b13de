"""Link: delivered rows become statistical units, with the provenance of every attribute."""
