"""ODS: one pass over the part that holds all sheets. Part of the child process (see `intake.reader.talk`).

python-calamine is the oracle of the tests, not the reader: it gives "" for error cells and for formulas without a result, and
numbers without the text that the spreadsheet shows.
"""
