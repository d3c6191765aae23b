"""The error workbook: a person's own file with wrong cells red, the reason as a comment, and a sheet that lists them all.

`patching` changes an XLSX as the package of parts that it is: only the parts that must say something new are written anew, every
other one stays byte for byte (a program that loads and saves a workbook loses what it does not know). `values` makes a plain
workbook where that cannot be done. `findings` says what is wrong by the stage, `corrections` knows a corrected file again.
"""
