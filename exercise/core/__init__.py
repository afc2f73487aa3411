"""The rules of an exercise, pure: standard library and pydantic only, no I/O, no clock, no chance of its own."""
