"""One page of HTML about a run, for people: everything in one file, and nothing asked of any network."""
