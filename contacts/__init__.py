"""The people and places of a client: offices and contacts."""
