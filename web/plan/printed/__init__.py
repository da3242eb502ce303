"""The plan on paper: a document that reads the same for ever, made from what the plan says and from nothing else."""
