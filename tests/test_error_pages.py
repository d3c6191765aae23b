"""The error pages say what happened, give a way on, and need nothing that may be broken."""

import pytest
import structlog
from django.http import HttpRequest

from clientdesk.errors import bad_request, content_too_large, server_error


class NobodyKnows:
    """A request whose user, session and language cannot be asked."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"the request was asked for {name}")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (bad_request, 400, "could not be read"),
        (lambda request: content_too_large(request, 5 * 1024 * 1024), 413, "At most 5"),
        (server_error, 500, "went wrong on our side"),
    ],
)
def test_the_page_asks_neither_the_request_nor_the_database(answer, status, words):
    response = answer(NobodyKnows())
    assert response.status_code == status
    assert words in response.content.decode()
    assert 'href="/"' in response.content.decode()


def test_an_address_of_a_button_that_is_typed_says_so_and_gives_a_way_on(desk, ada):
    for address in ("/profile/theme/", f"/contacts/{ada.pk}/invite/"):
        page = desk.get(address)
        assert (page.status_code, page.headers["Allow"]) == (405, "POST")
        assert "This address belongs to a button" in page.text
        assert 'class="shell"' in page.text


def test_a_fault_names_the_reference_that_the_log_has():
    with structlog.contextvars.bound_contextvars(request_id="7f3a9c20"):
        assert "7f3a9c20" in server_error(HttpRequest()).content.decode()
    assert "reference" not in server_error(HttpRequest()).content.decode()


@pytest.mark.parametrize(
    ("who", "frame", "way"),
    [("staff", 'class="shell"', "/clients/"), ("nobody", 'class="auth"', "/account/sign-in/")],
)
def test_an_unknown_page_stands_in_the_frame_of_who_asked(client, desk, who, frame, way):
    response = (desk if who == "staff" else client).get("/account/nowhere/")
    assert response.status_code == 404
    assert frame in response.content.decode()
    assert f'class="btn btn-primary" href="{way}"' in response.content.decode()
