"""Pieces that several screens share; each draws what it is given and posts messages upwards."""
