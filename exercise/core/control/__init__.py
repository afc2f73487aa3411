"""Exercise control's own hand in a running exercise: what it changes, writes, claims, stops and shows."""
