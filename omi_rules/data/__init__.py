"""Read an export: find its files, conform every row to the contract, and account for each of them."""
