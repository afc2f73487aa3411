"""Team play: who sits where, how a team comes to its answer, its shared drafts, and what is said between seats."""
