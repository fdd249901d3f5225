"""What follows from several outcomes of one case: patterns of facts, reasoned about once each."""
