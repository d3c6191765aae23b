"""The child process that reads one workbook under limits of its own: `python -m intake.reader.xlsx`.

It knows nothing of Django and says everything in codes. The talk is JSON, one message a line:

- in: the request (path and limits); out: what each sheet begins with
- in: the chosen sheet, header row and width; out: batches of rows, then what was left out
- out, at any time and as the last message: a refusal
"""
