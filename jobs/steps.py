"""State machines as tables: which gesture leads from where to where, and what is said of it. Jobs, quotes and projects have one each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.functional import Promise

if TYPE_CHECKING:
    from jobs.models.item import Item


@dataclass(frozen=True)
class Gesture:
    """What is done with an item: from which states, to which, the words of its button, of its success and of its refusal.

    One that `asks` has a page of its own; one that `leads` is the way on; one that is `theirs` is done by the client's contact
    in the portal and has no button for staff. The sentences name %(item)s, the refusal %(status)s as well.
    """

    name: str
    origins: frozenset[str]
    to: str
    label: Promise
    icon: str
    said: Promise
    refused: Promise
    asks: bool = False
    leads: bool = False
    theirs: bool = False

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.name.replace("_", "-")


class Machine:
    """The gestures of one kind of item, what leads on first."""

    def __init__(self, *gestures: Gesture) -> None:
        self.gestures = {gesture.name: gesture for gesture in gestures}

    def offered(self, status: str) -> list[Gesture]:
        """Return what staff can do with an item in `status`."""
        return [gesture for gesture in self.gestures.values() if status in gesture.origins and not gesture.theirs]

    def step(self, item: "Item", name: str) -> str:
        """Return where the gesture `name` leads `item` from its status. Raises ValidationError with a sentence where it does not."""
        gesture = self.gestures[name]
        if item.status not in gesture.origins:
            raise ValidationError(str(gesture.refused) % {"item": item.number, "status": item.get_status_display().lower()})
        return gesture.to
