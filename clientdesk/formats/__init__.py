"""How dates and times are written where nobody chose formats of their own: day before month, 24 hours, no guessing."""
