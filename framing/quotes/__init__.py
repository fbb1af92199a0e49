"""Reported speech: quotes, their cues and sources, and who speaks over the whole article."""
