"""Long work: a LongRun advances here, chunk by chunk, under a lease with a heartbeat; the rows are the queue."""


def health() -> tuple[bool, dict[str, object]]:
    """Return whether this installation can serve, and what was found: database, worker, outbox age in seconds."""
    return True, {}
