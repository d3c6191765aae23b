"""Believable multilingual data for trying, testing and measuring: clients with people (`sketches`), spreadsheet rows (`rows`)."""
