"""A scenario shown to its author as its teams will see it."""
