"""Files that a person or an attacker might upload, made here byte by byte, each with what must come of it."""
