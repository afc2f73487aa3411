"""From what authors write to a scenario: reading, checking, and saying plainly what is wrong and where."""
