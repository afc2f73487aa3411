"""Sessions: the only writer of a log, the log's lines and files, and the places where sessions are kept."""
