"""Running the program night after night: whether a machine is fit for it, and what a scheduler is told."""
