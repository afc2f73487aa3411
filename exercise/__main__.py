"""`python -m exercise`, the same as the command `exercise`."""

from exercise.cli import main

main()
