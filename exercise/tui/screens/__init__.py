"""One screen a file, its styles beside it; each is handed a client, a table or a player, and knows nothing else."""
