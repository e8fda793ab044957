"""Who says so: the registry of state entities, and the claimant of each sentence of an article."""
