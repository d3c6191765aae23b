"""The picture of a contact (X46, XD15, XD33, trial C07): handed in, replaced, taken away, seen by who may see the person."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clientdesk.rights import Role
from contacts.models import Contact
from tests.client_forms import errors
from tests.test_pictures import HOSTILE, picture


def photo(content: bytes | None = None, name: str = "ada.jpg") -> dict[str, SimpleUploadedFile]:
    return {"picture": SimpleUploadedFile(name, picture() if content is None else content)}


def change(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/photo/change/"


def remove(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/photo/remove/"


def test_a_picture_shows_in_the_card_in_lists_on_cards_and_by_its_address(desk, ada):
    page = desk.post(change(ada), photo(), follow=True)
    assert "The picture of Ada Krämer was saved." in page.text
    small = f'<img src="/contacts/{ada.pk}/photo/?size=small" alt=""'
    assert small in page.text.partition('class="header-card"')[2]
    for place in (f"/contacts/{ada.pk}/", "/contacts/", f"/clients/{ada.client_id}/contacts/", f"/clients/{ada.client_id}/"):
        assert small in desk.get(place).text, place
    response = desk.get(f"/contacts/{ada.pk}/photo/")
    with Image.open(io.BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("WEBP", (512, 256))
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    with Image.open(io.BytesIO(desk.get(f"/contacts/{ada.pk}/photo/?size=small").content)) as image:
        assert image.size == (96, 96)


def test_after_signing_out_nothing_of_it_can_be_shown(desk, ada):
    """Nothing may keep it, so that going back after signing out asks again and is refused."""
    desk.post(change(ada), photo())
    assert desk.get(f"/contacts/{ada.pk}/photo/").headers["Cache-Control"] == "private, no-store"
    assert desk.get(f"/contacts/{ada.pk}/social/").headers["Cache-Control"] == "no-store"
    desk.post("/account/sign-out/")
    assert desk.get(f"/contacts/{ada.pk}/photo/").status_code == 302


def test_a_new_picture_takes_the_place_of_the_old_one(desk, ada, django_capture_on_commit_callbacks):
    for sent in (photo(), photo(picture("PNG"), "a.png")):
        with django_capture_on_commit_callbacks(execute=True):
            assert desk.post(change(ada), sent).status_code == 303
    assert len(default_storage.listdir("pictures/contacts")[1]) == 2


def test_before_it_is_removed_one_reads_who_sees_it(desk, ada, make_staff, django_capture_on_commit_callbacks):
    desk.post(change(ada), photo())
    make_staff(Role.READER)
    page = desk.get(remove(ada))
    assert page.status_code == 200
    assert "All 2 members of staff see it, on the profile, on cards and in lists; it is not shown in the client portal." in page.text
    assert "it is deleted for everybody and cannot be brought back" in page.text
    ada.refresh_from_db()
    assert ada.photo, "looking removes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        page = desk.post(remove(ada), follow=True)
    assert "The picture of Ada Krämer was removed." in page.text
    assert default_storage.listdir("pictures/contacts")[1] == []
    assert desk.get(f"/contacts/{ada.pk}/photo/").status_code == 404
    assert desk.get(remove(ada)).status_code == 302
    assert desk.post(remove(ada)).status_code == 303


def test_of_a_restricted_client_those_responsible_are_named(ada, make_staff, as_user):
    responsible = make_staff(Role.DESK, "responsible@desk.example", first_name="Olga", last_name="Mai")
    ada.client.sales_person, ada.client.restricted_to_responsible = responsible, True
    ada.client.save()
    browser = as_user(responsible)
    browser.post(change(ada), photo())
    assert "Only people responsible for Brauer Antriebe see it: Olga Mai." in browser.get(remove(ada)).text
    responsible.is_active = False
    responsible.save()
    administrator = make_staff(Role.ADMINISTRATOR)
    assert f"see it: {administrator}." in as_user(administrator).get(remove(ada)).text


def test_a_restricted_picture_is_as_unknown_as_its_person(desk, manager, ada, make_staff, as_user):
    """XD33."""
    responsible = make_staff(Role.DESK, "responsible@desk.example")
    ada.client.sales_person, ada.client.restricted_to_responsible = responsible, True
    ada.client.save()
    assert as_user(responsible).post(change(ada), photo()).status_code == 303
    assert as_user(responsible).get(f"/contacts/{ada.pk}/photo/").status_code == 200
    for browser in (desk, manager):
        for address in (f"/contacts/{ada.pk}/photo/", change(ada), remove(ada)):
            assert browser.get(address).status_code == 404
        assert browser.post(change(ada), photo()).status_code == 404
        assert browser.post(remove(ada)).status_code == 404
    ada.refresh_from_db()
    assert ada.photo


def test_readers_see_pictures_and_change_none(make_staff, as_user, desk, ada, client):
    desk.post(change(ada), photo())
    reader = as_user(make_staff(Role.READER))
    assert reader.get(f"/contacts/{ada.pk}/photo/").status_code == 200
    assert reader.post(change(ada), photo()).status_code == 403
    assert reader.get(remove(ada)).status_code == 403
    assert reader.post(remove(ada)).status_code == 403
    assert client.get(f"/contacts/{ada.pk}/photo/").status_code == 302


@pytest.mark.parametrize(("content", "name", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_no_picture_is_refused_in_the_form(desk, ada, content, name, said):
    """Trial C07."""
    page = desk.post(change(ada), photo(content, name))
    assert page.status_code == 422
    assert said in errors(page)["picture"][0]
    ada.refresh_from_db()
    assert not ada.photo
    assert not default_storage.exists("pictures/contacts")


def test_the_part_that_was_chosen_is_kept_and_one_outside_is_told(desk, ada):
    """design.md S4: the numbers are plain fields of the form."""
    page = desk.post(change(ada), photo() | {"picture-x": "600", "picture-y": "0", "picture-size": "400"})
    assert page.status_code == 422
    assert errors(page)["picture"] == [
        "The part of “ada.jpg” that was chosen does not lie within its 800 × 400 pixels. Choose the picture again."
    ]
    assert desk.post(change(ada), photo() | {"picture-x": "400", "picture-y": "0", "picture-size": "400"}).status_code == 303
    with Image.open(io.BytesIO(desk.get(f"/contacts/{ada.pk}/photo/").content)) as image:
        assert image.size == (400, 400)
        red, _green, blue = image.convert("RGB").getpixel((5, 200))
        assert blue > 200 > red


def test_ten_megabytes_pass_the_door_and_more_is_refused_before_it_is_read(desk, ada):
    assert desk.post(change(ada), photo(picture("PNG") + bytes(8_000_000), "a.png")).status_code == 303
    assert desk.post(change(ada), photo(bytes(30_000_000))).status_code == 413
    assert desk.post(f"/contacts/{ada.pk}/edit/", photo(bytes(6_000_000))).status_code == 413
    assert desk.post(remove(ada), photo(bytes(6_000_000))).status_code == 413


def test_a_picture_whose_file_is_missing_breaks_no_page(desk, ada):
    Contact.objects.filter(pk=ada.pk).update(photo="pictures/contacts/gone.webp")
    for place in ("", "social/", "photo/change/", "photo/remove/"):
        assert desk.get(f"/contacts/{ada.pk}/{place}").status_code == 200
    assert desk.get(f"/contacts/{ada.pk}/photo/").status_code == 404
    assert desk.post(change(ada), photo()).status_code == 303


def test_no_file_is_said(desk, ada):
    assert errors(desk.post(change(ada)))["picture"] == ["Choose a picture."]
