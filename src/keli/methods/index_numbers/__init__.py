"""Index numbers: the change of prices or volumes of many goods in one figure."""
