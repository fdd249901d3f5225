"""A synthetic probation area with the profile and the failings of the source report."""
