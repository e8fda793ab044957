"""What a sentence claims besides its facts: whether it denies, how certain and how wide it is, which way it goes."""
