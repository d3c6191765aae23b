"""A postal address as a value, so that addresses of different records can be compared and shown in one way."""

from dataclasses import astuple, dataclass
from typing import Self

# The columns of clientdesk.models.Address, in the order of forms.
ADDRESS = ("street", "street2", "postal_code", "city", "province", "country")


@dataclass(frozen=True)
class PostalAddress:
    """An address with the fields of an Address record; false where all are blank."""

    street: str = ""
    street2: str = ""
    postal_code: str = ""
    city: str = ""
    province: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return any(astuple(self))

    @classmethod
    def of(cls, record: object, prefix: str = "") -> Self:
        """Return the address in the columns of `record` that begin with `prefix`."""
        return cls(**{name: getattr(record, f"{prefix}{name}") for name in ADDRESS})
