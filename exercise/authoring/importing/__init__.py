"""From other tools' exercises to a scenario: a draft that every importer fills, and a report of losses."""
