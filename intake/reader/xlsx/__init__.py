"""XLSX and XLSM: the parts of an archive, read in one pass each. Part of the child process (see `intake.reader.talk`)."""
