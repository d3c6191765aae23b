"""Projects in the back office: list, page, forms, gestures, deliverables and invoices (XD26, X20, J21)."""
