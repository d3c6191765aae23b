"""Lists from which something is done: chosen columns, saved views, picked rows, acts on many with Undo, files, neighbours (design.md S1).

Each app describes its list once, as a `Table`; pages and machinery here are the same for all.
"""

from clientdesk.tables.shape import Table

__all__ = ["Table"]
