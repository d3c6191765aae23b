"""The picture and the documents of a client, as pages (C9, SD3, XD33)."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clientdesk import history
from clientdesk.models import Change
from clientdesk.rights import Role
from clients.models import Category, Client, ClientDocument
from tests.client_forms import errors
from tests.test_pictures import HOSTILE, picture


def photo(content: bytes | None = None, name: str = "logo.jpg") -> dict[str, SimpleUploadedFile]:
    return {"picture": SimpleUploadedFile(name, picture() if content is None else content)}


def change(client: Client) -> str:
    return f"/clients/{client.pk}/photo/change/"


@pytest.fixture
def restricted(brauer, make_staff) -> Client:
    """A client that only one person sees, with a picture."""
    brauer.sales_person = make_staff(Role.DESK, "responsible@desk.example")
    brauer.restricted_to_responsible = True
    brauer.save()
    return brauer


# --- picture ------------------------------------------------------------------------------------
def test_a_picture_shows_in_the_card_in_the_list_and_by_its_address(desk, brauer):
    page = desk.post(change(brauer), photo(), follow=True)
    assert "The picture of Brauer Antriebe was saved." in page.text
    small = f'<img src="/clients/{brauer.pk}/photo/?size=small" alt=""'
    assert small in page.text.partition('class="header-card"')[2]
    assert small in desk.get("/clients/?view=all").text
    response = desk.get(f"/clients/{brauer.pk}/photo/")
    with Image.open(io.BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("WEBP", (512, 256))
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    with Image.open(io.BytesIO(desk.get(f"/clients/{brauer.pk}/photo/?size=small").content)) as image:
        assert image.size == (96, 96)


def test_a_new_picture_takes_the_place_of_the_old_one_and_remove_leaves_none(desk, brauer, django_capture_on_commit_callbacks):
    for act in (lambda: desk.post(change(brauer), photo()), lambda: desk.post(change(brauer), photo(picture("PNG"), "a.png"))):
        with django_capture_on_commit_callbacks(execute=True):
            assert act().status_code == 303
    assert len(default_storage.listdir("pictures/clients")[1]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        page = desk.post(f"/clients/{brauer.pk}/photo/remove/", follow=True)
    assert "The picture of Brauer Antriebe was removed." in page.text
    assert default_storage.listdir("pictures/clients")[1] == []
    assert desk.get(f"/clients/{brauer.pk}/photo/").status_code == 404
    assert desk.post(f"/clients/{brauer.pk}/photo/remove/").status_code == 303


def test_a_change_of_the_picture_is_not_taken_back_since_the_file_of_before_is_gone(desk, brauer):
    """Undo would leave the client pointing to a deleted file."""
    for sent in (photo(), photo(picture("PNG"), "a.png")):
        desk.post(change(brauer), sent)
    now = Client.objects.get(pk=brauer.pk)
    entries = history.changes_of(brauer).filter(changes__has_key="photo", action=Change.Action.UPDATE)
    assert len(entries) == 2
    for entry in entries:
        address = f"/clients/{brauer.pk}/history/{entry.pk}/undo/"
        assert address not in desk.get(f"/clients/{brauer.pk}/history/").text
        page = desk.post(address, {"version": now.version})
        assert page.status_code == 422
        assert "The file of before was removed with this change." in page.text
    assert Client.objects.get(pk=brauer.pk).photo.name == now.photo.name


def test_a_picture_whose_file_is_missing_breaks_no_page(desk, brauer):
    Client.objects.filter(pk=brauer.pk).update(photo="pictures/clients/gone.webp")
    assert desk.get(brauer.get_absolute_url()).status_code == 200
    assert desk.get("/clients/?view=all").status_code == 200
    assert desk.get(f"/clients/{brauer.pk}/photo/").status_code == 404
    assert desk.post(change(brauer), photo()).status_code == 303


@pytest.mark.parametrize(("content", "name", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_no_picture_is_refused_in_the_form(desk, brauer, content, name, said):
    page = desk.post(change(brauer), photo(content, name))
    assert page.status_code == 422
    assert said in errors(page)["picture"][0]
    brauer.refresh_from_db()
    assert not brauer.photo
    assert not default_storage.exists("pictures/clients")


def test_the_part_that_was_chosen_is_kept(desk, brauer):
    """design.md S4, for the picture of a client as for a person's."""
    page = desk.get(change(brauer)).text
    assert all(text in page for text in ("js/crop", "css/crop", "data-crop", 'name="picture-size"'))
    assert desk.post(change(brauer), photo() | {"picture-x": "0", "picture-y": "0", "picture-size": "300"}).status_code == 303
    with Image.open(io.BytesIO(desk.get(f"/clients/{brauer.pk}/photo/").content)) as image:
        assert image.size == (300, 300)


def test_no_file_is_said(desk, brauer):
    assert errors(desk.post(change(brauer)))["picture"] == ["Choose a picture."]


def test_ten_megabytes_pass_the_door_and_more_is_refused_before_it_is_read(desk, brauer):
    page = desk.post(change(brauer), photo(picture("PNG") + bytes(8_000_000), "a.png"))
    assert page.status_code == 303
    assert desk.post(change(brauer), photo(bytes(30_000_000))).status_code == 413
    assert desk.post(f"/clients/{brauer.pk}/edit/", photo(bytes(6_000_000))).status_code == 413


def test_a_restricted_picture_is_as_unknown_as_its_client(desk, manager, restricted, as_user):
    """XD33."""
    responsible = as_user(restricted.sales_person)
    assert responsible.post(change(restricted), photo()).status_code == 303
    assert responsible.get(f"/clients/{restricted.pk}/photo/").status_code == 200
    for browser in (desk, manager):
        assert browser.get(f"/clients/{restricted.pk}/photo/").status_code == 404
        assert browser.get(change(restricted)).status_code == 404
        assert browser.post(change(restricted), photo()).status_code == 404
        assert browser.post(f"/clients/{restricted.pk}/photo/remove/").status_code == 404
    restricted.refresh_from_db()
    assert restricted.photo


def test_readers_see_pictures_and_change_none(make_staff, as_user, desk, brauer, client):
    desk.post(change(brauer), photo())
    reader = as_user(make_staff(Role.READER))
    assert reader.get(f"/clients/{brauer.pk}/photo/").status_code == 200
    assert reader.post(change(brauer), photo()).status_code == 403
    assert reader.post(f"/clients/{brauer.pk}/photo/remove/").status_code == 403
    assert client.get(f"/clients/{brauer.pk}/photo/").status_code == 302


# --- documents ----------------------------------------------------------------------------------
def documents(client: Client) -> str:
    return f"/clients/{client.pk}/documents/"


def file(content: bytes = b"%PDF-1.7", name: str = "Contract.pdf", **more) -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content)} | more


@pytest.fixture
def asking(brauer) -> Client:
    """A client whose category asks for one document, and the category above it for another."""
    above = Category.objects.create(name="Health", required_documents=["Register extract"])
    brauer.category = Category.objects.create(name="Hospitals", parent=above, required_documents=["Hygiene <plan>", "Register extract"])
    brauer.save()
    return brauer


def test_what_the_category_asks_for_is_missing_until_it_is_delivered(desk, asking):
    """SD3, with what the categories above it ask for."""
    overview = desk.get(asking.get_absolute_url()).text
    assert "Required documents" in overview
    assert "2 missing" in overview
    page = desk.get(documents(asking))
    assert [(one.name, one.category, one.delivered) for one in page.context["needed"]] == [
        ("Register extract", "Health", False),
        ("Hygiene <plan>", "Hospitals", False),
    ]
    assert "Hygiene &lt;plan&gt;" in page.text
    page = desk.post(f"{documents(asking)}add/", file(requirement="Hygiene <plan>"), follow=True)
    assert "“Contract.pdf” was added." in page.text
    assert [one.delivered for one in page.context["needed"]] == [False, True]
    assert "1 missing" in desk.get(asking.get_absolute_url()).text


def test_a_document_comes_back_as_a_download_under_its_own_name(desk, brauer):
    desk.post(f"{documents(brauer)}add/", file(b"<script>alert(1)</script>", "Vertrag <b>.html"))
    found = ClientDocument.objects.get()
    assert "Vertrag" not in found.file.name
    response = desk.get(f"{documents(brauer)}{found.pk}/")
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Vertrag &lt;b&gt;.html" in desk.get(documents(brauer)).text


def test_a_double_click_makes_one_document(desk, brauer):
    assert desk.post(f"{documents(brauer)}add/", file()).status_code == 303
    page = desk.post(f"{documents(brauer)}add/", file())
    assert errors(page)["file"] == ["“Contract.pdf” is here already."]
    assert desk.post(f"{documents(brauer)}add/", file(b"%PDF-1.8")).status_code == 303
    assert ClientDocument.objects.count() == 2


def test_a_removed_document_is_gone_with_its_file(desk, brauer, django_capture_on_commit_callbacks):
    desk.post(f"{documents(brauer)}add/", file())
    found = ClientDocument.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        page = desk.post(f"{documents(brauer)}{found.pk}/remove/", follow=True)
    assert "“Contract.pdf” was removed." in page.text
    assert not default_storage.exists(found.file.name)
    assert desk.post(f"{documents(brauer)}{found.pk}/remove/").status_code == 303
    assert desk.get(f"{documents(brauer)}{found.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "file", "Choose a file."),
        (file(b""), "file", "This file is empty."),
        (file(requirement="Not asked for"), "requirement", "not asked for any more"),
    ],
)
def test_what_cannot_be_taken_is_said(desk, asking, sent, field, said):
    page = desk.post(f"{documents(asking)}add/", sent)
    assert page.status_code == 422
    assert said in errors(page)[field][0]
    assert not ClientDocument.objects.exists()


def test_a_document_of_another_or_of_a_restricted_client_is_unknown(desk, restricted, make_client, as_user):
    """XD33."""
    responsible, other = as_user(restricted.sales_person), make_client("Other")
    responsible.post(f"{documents(restricted)}add/", file())
    found = ClientDocument.objects.get()
    assert responsible.get(f"{documents(other)}{found.pk}/").status_code == 404
    responsible.post(f"{documents(other)}{found.pk}/remove/")
    for path in ("", f"{found.pk}/"):
        assert desk.get(f"{documents(restricted)}{path}").status_code == 404
    assert desk.post(f"{documents(restricted)}add/", file()).status_code == 404
    assert desk.post(f"{documents(restricted)}{found.pk}/remove/").status_code == 404
    assert ClientDocument.objects.count() == 1


def test_readers_download_and_change_nothing(make_staff, as_user, desk, brauer):
    desk.post(f"{documents(brauer)}add/", file())
    reader, found = as_user(make_staff(Role.READER)), ClientDocument.objects.get()
    page = reader.get(documents(brauer))
    assert "Contract.pdf" in page.text
    assert "Add document" not in page.text
    assert reader.get(f"{documents(brauer)}add/").status_code == 403
    assert b"".join(reader.get(f"{documents(brauer)}{found.pk}/").streaming_content) == b"%PDF-1.7"
    assert reader.post(f"{documents(brauer)}add/", file()).status_code == 403
    assert reader.post(f"{documents(brauer)}{found.pk}/remove/").status_code == 403


def test_many_documents_cost_no_more_statements(desk, asking, django_assert_max_num_queries):
    for n in range(20):
        ClientDocument.objects.create(client=asking, file=f"x{n}", filename=f"{n}.pdf")
    desk.get(documents(asking))
    with django_assert_max_num_queries(10):
        assert "19.pdf" in desk.get(documents(asking)).text
