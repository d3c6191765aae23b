"""Visit a ClientDesk that `make run` started, as a newcomer: read what it printed on standard input, open its pages, sign in.

python scripts/visit.py http://localhost:8123 < OUTPUT
"""

import json
import re
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode


def main(base: str, printed: str) -> None:
    """Exit with a sentence when a page does not answer as a newcomer may expect."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(path: str) -> str:
        with browser.open(base + path, timeout=30) as answer:
            return answer.read().decode()

    password = re.search(r"password “(.+?)”", printed)
    address = re.search(r"\S+@\S+\.example", printed)
    if not (password and address):
        sys.exit("No sign-in was printed.")
    if json.loads(get("/healthz")) != {"alive": True}:
        sys.exit("/healthz does not say that it is alive.")
    get("/readyz")
    page = get("/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if not token:
        sys.exit("The first page holds no sign-in form.")
    form = {"login": address[0], "password": password[1], "csrfmiddlewaretoken": token[1]}
    request = urllib.request.Request(  # noqa: S310 - the address of our own server
        base + "/account/sign-in/", urlencode(form).encode(), {"Referer": base + "/account/sign-in/"}
    )
    with browser.open(request, timeout=30) as answer:
        page = answer.read().decode()
        if "/account/" in answer.url:
            sys.exit(f"{address[0]} could not sign in.")
    if "Clients" not in page:
        sys.exit("The page after sign-in is not the back office.")


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.read())
