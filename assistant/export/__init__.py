"""Answers as citation packs for reports: Markdown, Word, and what reference managers read."""
