"""The grounding check: how far articles bear a sentence out, by its facts, its words and its meaning."""
