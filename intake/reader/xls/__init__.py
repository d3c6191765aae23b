"""XLS (BIFF8, Excel 97 to 2003): a stream of records in a container. Part of the child process (see `intake.reader.talk`).

python-calamine is the oracle of the tests, not the reader: it gives "" for error cells, knows no number formats but those of
dates, and allocates every cell between the first and the last.
"""
