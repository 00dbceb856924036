"""Sentences: what an answer, a comparison, a search says, each sentence once."""
