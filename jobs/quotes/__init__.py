"""Quotes in the back office: list, page, forms, gestures (XD24, XD25, XD28)."""
