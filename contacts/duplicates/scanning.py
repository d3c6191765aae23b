"""The search for duplicates over all contacts, as long work (settings.LONG_RUNS): blocks of one address, one phone, or within one
client of names that sound alike."""

from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

from clientdesk.merging.scanning import Scan
from clientdesk.words import email_key, search_key
from clients.duplicates.scanning import sound
from clients.traces import phone_key
from contacts.duplicates.finding import WEAKEST
from contacts.duplicates.reasons import Person, PersonReason, compare, strength
from contacts.models import Contact, ContactPair

KIND = "contact_duplicates_scan"


class ContactScan(Scan[Person]):
    """The search over all contacts. More people than the largest block has with one value share a mailbox or a switchboard."""

    model, pairs = Contact, ContactPair
    read = ("client_id", "sort_key", "email", "phone", "mobile")
    largest: ClassVar[Mapping[str, int]] = {"email": 10, "phone": 10, "word": 40}
    weakest = WEAKEST

    def keys(self, *values: object) -> Iterator[str]:
        client, name, email, *phones = values
        if email:
            yield f"email:{email_key(str(email))}"
        for phone in phones:
            if phone and (digits := phone_key(str(phone))):
                yield f"phone:{digits}"
        for word in search_key(str(name)).split():
            if len(word) > 1:
                yield f"word:{client}:{sound(word)}"

    def facts(self, keys: set[int]) -> dict[int, Person]:
        rows = Contact.objects.filter(pk__in=keys, erased_at=None).values_list("pk", *Person.COLUMNS)
        return {pk: Person.typed(client, first, last, email, phones) for pk, client, first, last, email, *phones in rows}

    def comparing(self) -> Callable[[Person, Person], list[PersonReason]]:
        return compare

    def strength(self, reasons: list[PersonReason]) -> int:
        return strength(reasons)


SCAN = ContactScan()
advance, done = SCAN.advance, SCAN.done
