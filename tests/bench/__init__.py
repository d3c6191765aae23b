"""Measurements, not tests: they print ratios against the stock way and the limit, taken in the same run on the same machine."""
