"""Cooperation requests: what teams and services ask of each other, give each other, and how they answer."""
