"""The parts of the replay screen: what a perspective shows, what a step changed, search, comments, watching."""
