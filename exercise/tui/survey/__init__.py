"""The survey after the hot wash, as somebody answers it on a screen."""
