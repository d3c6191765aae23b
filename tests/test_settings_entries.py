"""What single settings lists can do besides: branches, categories, company types, social networks (XD36, SD3 to SD5, S10, XD16)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from clientdesk.models import Change
from clientdesk.rights import Role
from clients import settings_forms
from clients.models import Branch, Category, CompanyType, StaffBranch
from contacts.models import SocialNetwork
from tests.doors import dump
from tests.test_settings_lists import edited, filled, make, office, url  # noqa: F401

# --- branches -----------------------------------------------------------------------------------


def test_exactly_one_branch_is_the_headquarters_and_another_takes_over(office, headquarters):  # noqa: F811
    """XD36."""
    [lisbon] = make("branches", "Lisbon")
    page = office.get(url("edit", "branches", lisbon.pk)).content.decode()
    assert "Takes over from Berlin." in page

    assert edited(office, "branches", lisbon, is_headquarters=True).status_code == 303

    assert list(Branch.objects.filter(is_headquarters=True)) == [lisbon]
    assert Change.objects.filter(object_id=headquarters.pk, content_type__model="branch", changes__has_key="is_headquarters").exists()


@pytest.mark.parametrize("gesture", ["deactivate", "delete"])
def test_the_headquarters_stays(office, headquarters, gesture):  # noqa: F811
    before = dump()
    answer = office.post(url(gesture, "branches", headquarters.pk))
    assert answer.status_code == (403 if gesture == "deactivate" else 422)
    assert "Berlin is the headquarters. Make another branch the headquarters first." in answer.content.decode()
    assert dump() == before
    form = office.get(url("edit", "branches", headquarters.pk)).context["form"]
    assert form.fields["is_headquarters"].disabled
    # Unticking it from outside changes nothing either.
    edited(office, "branches", headquarters, is_headquarters=False)
    assert Branch.objects.get(is_headquarters=True) == headquarters


def test_everybody_works_in_one_branch_and_moves_with_one_tick(office, headquarters, make_staff):  # noqa: F811
    dana = make_staff(Role.DESK, first_name="Dana")
    gone = make_staff(Role.READER, is_active=False)
    [lisbon] = make("branches", "Lisbon")
    edited(office, "branches", headquarters, people=[dana.pk])
    form = office.get(url("edit", "branches", lisbon.pk)).context["form"]
    assert [label for _key, label in form.fields["people"].choices if "Dana" in label] == ["Dana Dahl (Berlin)"]
    assert gone.pk not in {int(str(key)) for key, _label in form.fields["people"].choices}

    assert edited(office, "branches", lisbon, people=[dana.pk]).status_code == 303

    assert [(posting.user, posting.branch) for posting in StaffBranch.objects.all()] == [(dana, lisbon)]
    assert Branch.preselected(dana) == lisbon
    assert "users refer to it" in office.get(url("delete", "branches", lisbon.pk)).content.decode()
    edited(office, "branches", lisbon, people=[])
    assert not StaffBranch.objects.exists()


def test_a_code_is_there_once_and_the_error_names_who_has_it(office, headquarters):  # noqa: F811
    answer = office.post(url("add", "branches"), filled("branches", code="BER"))
    assert answer.status_code == 422
    assert "Berlin has the code “BER” already." in answer.content.decode()


def test_contact_data_of_a_branch_obey_the_rules_of_all_contact_data(office, headquarters):  # noqa: F811
    wrong = filled("branches", email="lisbon@", phone="12", country="PT")
    answer = office.post(url("add", "branches"), wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email", "phone"}
    assert office.post(url("add", "branches"), wrong | {"email": "lx@nordwort.example", "phone": "21 123 4567"}).status_code == 303
    assert str(Branch.objects.get(name="Alpha").phone) == "+351211234567"


def picture(color: str = "red") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (300, 100), color).save(content, "PNG")
    return SimpleUploadedFile("logo.png", content.getvalue(), "image/png")


def test_a_branch_has_a_logo_that_can_be_changed_and_removed(office, headquarters, desk):  # noqa: F811
    """XD36."""
    change = reverse("settings:change_logo", args=[headquarters.pk])
    address = reverse("settings:logo", args=[headquarters.pk])
    assert desk.get(address).status_code == 404
    assert office.post(change, {"picture": picture()}).status_code == 303
    shown = desk.get(address)
    assert (shown.status_code, shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == (200, "image/webp", "nosniff")
    former = Branch.objects.get(pk=headquarters.pk).logo.name
    assert address in office.get(url("edit", "branches", headquarters.pk)).content.decode()

    office.post(change, {"picture": picture("blue")})
    assert Branch.objects.get(pk=headquarters.pk).logo.name != former
    assert desk.post(reverse("settings:remove_logo", args=[headquarters.pk])).status_code == 403
    office.post(reverse("settings:remove_logo", args=[headquarters.pk]))
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", "image/png"),
        SimpleUploadedFile("logo.svg", b"<svg/>", "image/svg+xml"),
        SimpleUploadedFile("logo.png", b"", "image/png"),
        None,
    ],
    ids=["script", "svg", "empty", "none"],
)
def test_what_is_no_picture_becomes_no_logo(office, headquarters, file):  # noqa: F811
    answer = office.post(reverse("settings:change_logo", args=[headquarters.pk]), {"picture": file} if file else {})
    assert answer.status_code == 422
    assert not Branch.objects.get(pk=headquarters.pk).logo


# --- trees --------------------------------------------------------------------------------------
TREES = pytest.mark.parametrize("name", ["categories", "company-types"])


@TREES
def test_a_tree_is_shown_indented_and_a_search_shows_paths(office, name):  # noqa: F811
    [top] = make(name, "Health")
    [middle] = make(name, "Hospitals", parent=top)
    make(name, "University", parent=middle)
    make(name, *(f"Other {number:02}" for number in range(15)))
    page = office.get(url("list", name)).content.decode()
    assert page.index(">Health</a>") < page.index(">Hospitals</a>") < page.index(">University</a>") < page.index(">Other 00</a>")
    assert "depth-2" in page
    assert "level 3:" in page
    assert "Health › Hospitals › University" in office.get(url("list", name), {"q": "univ"}).content.decode()


@TREES
def test_entries_beneath_a_deactivated_one_stay_and_say_where_they_stand(office, name):  # noqa: F811
    [top] = make(name, "Health")
    [low] = make(name, "Hospitals", parent=top)
    page = office.post(url("deactivate", name, top.pk), follow=True).content.decode()
    assert "Where it was chosen it stays. The entries beneath it are still in use." in page
    assert f'href="{url("edit", name, low.pk)}">Health › Hospitals</a>' in page


@TREES
def test_no_entry_stands_beneath_itself(office, name):  # noqa: F811
    """Cycles are refused by form and model, also when somebody else was quicker."""
    [top] = make(name, "Top")
    [low] = make(name, "Low", parent=top)
    offered = office.get(url("edit", name, top.pk)).context["form"].fields["parent"].queryset
    assert low not in offered
    before = dump()
    for parent in (top, low):
        answer = edited(office, name, top, parent=parent.pk)
        assert answer.status_code == 422
        assert "An entry cannot stand beneath itself" in answer.content.decode()
    assert dump() == before


@TREES
def test_the_second_of_two_who_put_each_beneath_the_other_is_refused(office, name, monkeypatch):  # noqa: F811
    first, second = make(name, "First", "Second")
    form_class = {"categories": Category, "company-types": CompanyType}[name]
    real = settings_forms.lock

    def quicker(model) -> None:
        # Between the check of the form and its save the other one was saved.
        form_class.objects.filter(pk=second.pk).update(parent=first)
        real(model)

    monkeypatch.setattr(settings_forms, "lock", quicker)
    answer = edited(office, name, first, parent=second.pk)
    assert answer.status_code == 422
    assert "stands beneath this entry itself" in answer.content.decode()
    first.refresh_from_db()
    assert first.parent_id is None


@TREES
def test_entries_move_among_those_beneath_the_same_one(office, name):  # noqa: F811
    [top] = make(name, "Top")
    one, two = make(name, "One", "Two", parent=top)
    office.post(url("move", name, two.pk), {"way": "up"})
    assert [entry.name for entry in top.children.all()] == ["Two", "One"]
    answer = office.get(url("delete", name, top.pk)).content.decode()
    assert "“Top” cannot be deleted" in answer
    assert one.pk


# --- categories ---------------------------------------------------------------------------------


def test_a_category_keeps_its_documents_step_roles_and_people(office, make_staff):  # noqa: F811
    """SD3, SD4."""
    dana, tarik = make_staff(Role.DESK, first_name="Dana"), make_staff(Role.READER, "tarik@desk.example")
    answer = office.post(
        url("add", "categories"),
        filled(
            "categories",
            required_documents="Framework agreement\r\n\r\n  Proof of <authority>  \r\n",
            extra_step="Procurement",
            roles=["manager"],
            people=[dana.pk],
        ),
    )
    assert answer.status_code == 303
    category = Category.objects.get(name="Alpha")
    assert category.required_documents == ["Framework agreement", "Proof of <authority>"]
    assert (category.extra_step, category.roles, list(category.users.all())) == ("Procurement", ["manager"], [dana])
    assert Change.objects.filter(content_type__model="categoryuser").exists()
    assert "Proof of &lt;authority&gt;" in office.get(url("list", "categories")).content.decode()
    version = Category.objects.get(pk=category.pk).version
    assert edited(office, "categories", category).status_code == 303
    assert Category.objects.get(pk=category.pk).version == version
    edited(office, "categories", category, people=[tarik.pk])
    assert list(category.users.all()) == [tarik]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("required_documents", "One\none", "“one” is there twice. Remove one."),
        ("required_documents", "x" * 101, "is longer than 100 characters."),
        ("required_documents", "\n".join(map(str, range(201))), "These are 201 lines. Keep at most 200."),
        ("required_documents", "a\0b", "cannot be stored"),
        ("roles", ["boss"], "not offered"),
        ("people", ["99999"], "not offered"),
        ("people", ["9" * 30], "not offered"),
        ("parent", "99999", "Choose another"),
    ],
)
def test_what_a_category_cannot_have_is_refused(office, field, typed, sentence):  # noqa: F811
    before = dump()
    answer = office.post(url("add", "categories"), filled("categories", **{field: typed}))
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert dump() == before


# --- company types ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"id_mask": "CONT-{seq:4}", "allow_id_change": True, "steps": ["address", "contacts"], "fits": "both"}, ""),
        ({"id_mask": "CONT"}, "id_mask"),
        ({"id_mask": "{seq:4}{seq:4}"}, "id_mask"),
        ({"id_mask": "<b>{seq:4}"}, "id_mask"),
        ({"id_mask": "x" * 28 + "{seq:4}"}, "id_mask"),
        ({"steps": ["address", "payment"]}, "steps"),
        ({"fits": "everybody"}, "fits"),
    ],
)
def test_mask_steps_and_fits_of_a_company_type(office, typed, wrong):  # noqa: F811
    """S6, S10, SD5."""
    answer = office.post(url("add", "company-types"), filled("company-types", **typed))
    assert answer.status_code == (422 if wrong else 303)
    if wrong:
        assert answer.context["form"].errors[wrong]
        assert not CompanyType.objects.exists()
    else:
        kind = CompanyType.objects.get()
        assert (kind.id_mask, kind.allow_id_change, kind.steps, kind.fits) == ("CONT-{seq:4}", True, ["address", "contacts"], "both")


# --- social networks ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "suffix", "good"),
    [
        ("https://www.linkedin.com/in/", "", True),
        ("https://", ".tumblr.example", True),
        ("", "", True),
        ("javascript:alert(1)//", "", False),
        ("data:text/html,", "", False),
        ("ftp://files.example/", "", False),
        ("www.linkedin.com/in/", "", False),
        ("https://", "", False),
        ("", "/profile", False),
    ],
)
def test_addresses_of_accounts_lead_to_the_web_only(office, prefix, suffix, good):  # noqa: F811
    """XD16, trial C06."""
    answer = office.post(url("add", "social-networks"), filled("social-networks", prefix=prefix, suffix=suffix))
    assert answer.status_code == (303 if good else 422)
    assert SocialNetwork.objects.exists() is good
    if not good:
        assert "https://" in str(answer.context["form"].errors["prefix"])


def test_a_name_cannot_break_out_of_an_address():
    network = SocialNetwork(name="LinkedIn", prefix="https://www.linkedin.com/in/")
    assert network.address_of("a/../../evil?x=1#y") == "https://www.linkedin.com/in/a%2F..%2F..%2Fevil%3Fx%3D1%23y"
