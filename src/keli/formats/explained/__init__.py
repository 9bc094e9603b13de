"""Parts of the passport of one number: words, layout, sums that close, recipes, parameters."""
