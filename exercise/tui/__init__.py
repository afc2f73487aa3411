"""The screens: they show views and send commands, and decide nothing themselves."""
