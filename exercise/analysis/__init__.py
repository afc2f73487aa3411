"""Reading logs beside each other: what else could have come of a decision, and where sessions went different ways."""
