"""The program's own colours, dark and light, beside Textual's built-in themes.

Amber is kept for the exercise mark alone, so that nobody takes a screen of an exercise for a real report.
"""

from __future__ import annotations

from textual.theme import Theme

__all__ = ["DARK", "LIGHT", "THEMES"]

DARK = Theme(
    name="exercise",
    primary="#7fb4e6",
    secondary="#9db2c9",
    accent="#f2b84b",
    foreground="#e3e8ee",
    background="#10171f",
    surface="#17212c",
    panel="#223040",
    success="#7cc79b",
    warning="#f2b84b",
    error="#f08a80",
    dark=True,
    variables={
        "border": "#7fb4e6",
        "border-blurred": "#3a4d61",
        "block-cursor-background": "#7fb4e6",
        "block-cursor-foreground": "#10171f",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#2b3d50",
        "block-cursor-blurred-foreground": "#e3e8ee",
        "block-cursor-blurred-text-style": "none",
    },
)

LIGHT = Theme(
    name="exercise-light",
    primary="#1d5c99",
    secondary="#51677f",
    accent="#8a5200",
    foreground="#1a232d",
    background="#f4f6f8",
    surface="#ffffff",
    panel="#dfe6ed",
    success="#1f7a4a",
    warning="#8a5200",
    error="#b3261e",
    dark=False,
    variables={
        "border": "#1d5c99",
        "border-blurred": "#b6c3d0",
        "block-cursor-background": "#1d5c99",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#cfdbe7",
        "block-cursor-blurred-foreground": "#1a232d",
        "block-cursor-blurred-text-style": "none",
    },
)

THEMES = (DARK, LIGHT)
