"""Room for deep calls: Python takes the frames of calls from pieces of 16 KB and gives a piece back as soon as it is empty. A page is made
by calls so deep that they cross the end of a piece again and again, and a sixth of all time went to asking the system for pieces."""

from _pytest import runner

# Slots of 8 bytes: the frame of whoever runs a test asks for a piece of 2 MB, in which all that the test calls finds room, too.
_ROOM = 140_000


def give_room() -> None:
    """Let the frames of each test lie in one piece; pages of memory that nobody comes to are not taken."""
    runner.runtestprotocol.__code__ = runner.runtestprotocol.__code__.replace(co_stacksize=_ROOM)
