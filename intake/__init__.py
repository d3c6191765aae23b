"""Every way many facts come in at once: the spreadsheet import and, later, the guided client creation."""
