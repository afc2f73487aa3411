"""The after-action report: what a log tells, gathered once, laid out as blocks, written in many forms."""
