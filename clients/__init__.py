"""Clients, the branches and dictionaries that describe them, their profile, list and forms."""
