"""The line mode: the whole exercise as lines of text, for screen readers, dumb terminals and pipes."""
