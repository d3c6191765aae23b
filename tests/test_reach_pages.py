"""What staff read of visibility: what an account can reach, why a person sees an item, who sees an item."""

import re

import pytest
from django.urls import reverse

from clientdesk.rights import Role
from contacts.models import Contact
from jobs.models import Job, Quote
from portal.models import ContactAccess
from tests.truth_table import TABLE, table_items


def numbers(answer) -> dict[str, bool]:
    """Return the rows of the page: the number of each item, and whether it says that the person sees it."""
    found = re.findall(r'<th scope="row">(?:<a [^>]*>)?(i\d+).*?class="reached (yes|no)"', answer.text, re.DOTALL)
    return {number: said == "yes" for number, said in found}


def test_the_account_reaches_what_the_table_says_and_all_of_the_client_says_why_not(acme, desk):
    table_items(acme, Job)
    ContactAccess.objects.update(level="department")
    address = reverse("access:reach_jobs", args=[acme["ada"].pk])

    seen, everything = desk.get(address), desk.get(f"{address}?view=all")

    wanted = {name: "2" in row[4] for name, row in TABLE.items() if name != "i10"}
    assert numbers(seen) == {name: True for name, told in wanted.items() if told}
    assert numbers(everything) == wanted
    assert "i3 is of the department M, but Ada Krämer is of L." in everything.text
    assert f'<b class="num">{0}</b>' in seen.text


def test_a_shut_door_reaches_nothing_and_says_what_opens_it(acme, desk):
    table_items(acme, Quote)
    acme["access"].withdraw()

    answer = desk.get(reverse("access:reach_quotes", args=[acme["ada"].pk]))

    assert numbers(answer) == {}
    assert "Nothing can be reached: Ada Krämer is not allowed to enter the portal." in answer.text
    assert f'href="{reverse("access:account", args=[acme["ada"].pk])}"' in answer.text
    assert "View the portal as" not in answer.text


def test_why_is_asked_by_number_in_any_case(acme, desk):
    table_items(acme, Job)
    ContactAccess.objects.update(level="only_related")
    address = reverse("access:why", args=[acme["ada"].pk])

    assert "Yes, Ada Krämer sees i7" in desk.get(f"{address}?item=I7").text
    refused = desk.get(f"{address}?item= i4 ").text
    assert "No, Ada Krämer does not see i4" in refused
    assert f'href="{reverse("contacts:edit_offices", args=[acme["ada"].pk])}"' in refused
    assert "Which quote, project or job?" in desk.get(address).text


def test_a_number_of_a_client_that_staff_may_not_see_is_as_unknown(acme, make_staff, as_user):
    table_items(acme, Job)
    manager = make_staff(Role.MANAGER)
    acme["b"].sales_person, acme["b"].restricted_to_responsible = make_staff(Role.DESK), True
    acme["b"].save()
    address = reverse("access:why", args=[acme["ada"].pk])

    answers = [as_user(manager).get(f"{address}?item={number}").text for number in ("i10", "i77")]

    assert all(f"There is no quote, project or job “{number}”" in text for number, text in zip(("i10", "i77"), answers, strict=True))
    assert "Acme B" not in answers[0]


def test_who_sees_an_item_is_every_contact_person_of_its_client_with_yes_or_no(acme, desk):
    table_items(acme, Job)
    ContactAccess.objects.update(level="default_office")
    job = Job.objects.get(number="i2")

    text = desk.get(reverse("access:job_viewers", args=[job.pk])).text

    found = dict(re.findall(r'class="name" href="[^"]*">([^<]*)</a>.*?class="reached (yes|no)"', text, re.DOTALL))
    assert found == {"Ada Krämer": "yes", "Dora Krämer": "no", "Emil Krämer": "no"}
    assert "Dora Krämer was never invited." in text
    assert f'href="{reverse("access:job_viewers", args=[job.pk])}"' in desk.get(job.get_absolute_url()).text


@pytest.mark.parametrize("page", ["access:reach_quotes", "access:reach_projects", "access:reach_jobs", "access:why"])
def test_a_contact_that_was_never_invited_has_these_pages_too(desk, ada, page):
    assert "Ada Krämer was never invited." in desk.get(reverse(page, args=[ada.pk])).text
    assert Contact.objects.filter(access=None).exists()
