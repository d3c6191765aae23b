"""The headers of other products' exports, one module a product: so that "Company", "Name" or "Ort" mean in a file what they mean there."""

from collections.abc import Sequence

from intake.foreign import dolibarr, google, hubspot, odoo, outlook, salesforce, thunderbird, vcard, zoho
from intake.foreign.product import Product
from intake.matching import normalised

PRODUCTS: list[Product] = [
    product for module in (outlook, google, hubspot, salesforce, zoho, odoo, dolibarr, thunderbird, vcard) for product in module.PRODUCTS
]
# Below this part of a file's headers a product is not recognised: people add columns to an export, but not so many.
LEAST = 0.3


def recognised(headers: Sequence[str]) -> Product | None:
    """Return the product whose export a header row comes from, or None."""
    names = frozenset(name for header in headers if (name := normalised(header)))
    if not names:
        return None
    best = max(PRODUCTS, key=lambda product: (product.share(names), len(names & product.signature)))
    return best if best.share(names) >= LEAST else None


def words(kind: str) -> dict[str, str]:
    """Return {normalised header: column key} of all products, by which the reader finds the header row of a file of `kind`."""
    return {header: key for product in reversed(PRODUCTS) for header, key in product.words(kind).items()}
