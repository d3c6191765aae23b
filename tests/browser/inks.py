"""Which texts of a page are drawn as none before: contrast takes axe longer than all its other rules, and most texts are drawn alike.

Two texts are drawn alike when they and all around them are the same kinds of elements with the same classes, and the browser computed
the same colours, pictures behind, sizes, weights and layers for them. One of them speaks for both.
"""

from playwright.sync_api import Page

# Everything that axe's rule looks at, of the element itself and of what it stands on; the digest is 53 bits of it.
_FRESH = """known => {
    const OWN = ["color", "fontSize", "fontWeight", "textShadow", "webkitTextStrokeWidth", "webkitTextFillColor", "visibility", "display"]
    const GROUND = ["backgroundColor", "backgroundImage", "opacity", "position", "zIndex", "transform", "filter", "mixBlendMode",
        "clipPath", "overflow"]
    const STATES = ["disabled", "aria-disabled", "aria-hidden", "aria-current", "aria-selected", "type", "role", "hidden", "open", "inert"]
    const grounds = new Map()
    const ground = element => {
        if (!element) return ""
        if (!grounds.has(element)) {
            const style = getComputedStyle(element)
            const states = STATES.map(name => element.getAttribute(name))
            grounds.set(element, digest([ground(element.parentElement), element.localName, element.getAttribute("class"), ...states,
                ...GROUND.map(name => style[name])].join("|")))
        }
        return grounds.get(element)
    }
    const digest = text => {
        let high = 0xdeadbeef, low = 0x41c6ce57
        for (let place = 0; place < text.length; place++) {
            high = Math.imul(high ^ text.charCodeAt(place), 2654435761)
            low = Math.imul(low ^ text.charCodeAt(place), 1597334677)
        }
        high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
        low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
        return 4294967296 * (2097151 & low) + (high >>> 0)
    }
    const written = element => ["input", "select", "textarea"].includes(element.localName)
        || [...element.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim())
    const asked = new Set(known), fresh = new Map()
    for (const element of document.body.querySelectorAll("*")) {
        if (!written(element)) continue
        const style = getComputedStyle(element)
        const drawn = digest([ground(element), ...OWN.map(name => style[name])].join("|"))
        if (!asked.has(drawn) && !fresh.has(drawn)) fresh.set(drawn, element)
    }
    window.freshTexts = [...fresh.values()]
    return [...fresh.keys()]
}"""


def fresh(page: Page, known: set[int]) -> list[int]:
    """Return the digests of the texts of the page that are drawn as none of `known`; `window.freshTexts` are one element of each."""
    return page.evaluate(_FRESH, list(known))
