"""The commands of those who write scenarios: begin one, see it, explore it, take it to other tools and languages."""

from __future__ import annotations
