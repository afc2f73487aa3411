"""One exercise for a room full of people: the authority, its doors, and the clients that come in by them."""
