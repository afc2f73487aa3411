"""A tabletop cyber-crisis exercise simulator: scenarios in YAML, play in a terminal, assessment clause by clause."""

__version__ = "0.1.0"
