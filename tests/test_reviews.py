"""What a client says of a closed project: asked for on top of the list, said once, read by staff (XD29)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from jobs.models import Project
from portal.rights import Right
from tests.doors import delivered, fresh_brakes  # noqa: F401
from tests.portal_people import EVERYTHING, let


@pytest.fixture
def closed(make_project):
    """A project that ended just now."""
    project = make_project("Manual")
    project.close()
    return project


def review(browser, project: Project, **more):
    url = reverse("portal:review", args=[project.pk])
    return browser.post(url, {"rating": "4", "review": "Quick.\nOne typo.", "name": "Ada Krämer"} | more, follow=True)


def test_a_closed_project_awaits_feedback_on_top_of_the_list_until_it_is_given(portal, desk, closed, make_project, make_staff):
    make_project("Relaunch")
    staff = make_staff("manager", "sales@desk.example")
    type(closed.client).objects.update(sales_person=staff)
    ask, listed = reverse("portal:review", args=[closed.pk]), reverse("portal:projects")
    first = portal.get(listed)
    assert [project.name for project in first.context["awaiting"]] == ["Manual"]
    assert f'href="{ask}"' in first.text
    assert not portal.get(f"{listed}?q=Manual").context["awaiting"]
    assert [row.item for row in desk.get(f"{reverse('projects:list')}?view=review").context["rows"]] == [closed]
    assert "The portal asks for it" in desk.get(closed.get_absolute_url()).text

    assert f"Thank you for your feedback on {closed.number}." in review(portal, closed).text

    found = Project.objects.get(pk=closed.pk)
    assert (found.rating, found.review, found.reviewed_name) == (4, "Quick.\nOne typo.", "Ada Krämer")
    [mail] = delivered()
    assert mail.to == ["sales@desk.example"]
    assert f"gave feedback on {closed.number}" in mail.subject
    assert "One typo." in mail.body
    for page in (portal.get(reverse("portal:project", args=[closed.pk])), desk.get(closed.get_absolute_url())):
        assert "One typo." in page.text
        assert ask not in page.text
    assert not portal.get(listed).context["awaiting"]
    assert not desk.get(f"{reverse('projects:list')}?view=review").context["rows"]


def test_feedback_is_given_once_and_whoever_comes_second_reads_who_was_first(portal, closed):
    mine, theirs = Project.objects.get(pk=closed.pk), Project.objects.get(pk=closed.pk)
    theirs.take_review(None, "Bo Berg", 5, "")
    with pytest.raises(ValidationError, match=f"Bo Berg gave feedback on {closed.number} already"):
        mine.take_review(None, "Ada", 1, "Late")
    assert f"Bo Berg gave feedback on {closed.number} already." in review(portal, closed).text
    assert Project.objects.get(pk=closed.pk).rating == 5


@pytest.mark.parametrize("status", ["open", "cancelled"])
def test_only_a_closed_project_takes_feedback(portal, closed, status):
    Project.objects.update(status=status)
    assert "is not closed. Give your feedback when it is." in review(portal, closed).text
    assert Project.objects.get().rating is None


def test_a_grade_is_asked_for_and_what_was_written_stays(portal, closed):
    answer = review(portal, closed, rating="", review="Quick")
    assert answer.status_code == 422
    assert "Choose how content you are." in answer.text
    assert ">Quick<" in answer.text.replace("\n", "")
    assert review(portal, closed, rating="6").status_code == 422


def test_whoever_may_not_see_projects_gives_no_feedback(portal, ada, closed):
    let(ada, rights=EVERYTHING & ~int(Right.PROJECTS_VIEW))
    assert review(portal, closed).status_code == 403
    assert Project.objects.get().rating is None


def test_a_project_that_ended_long_ago_is_not_asked_of_any_more_but_still_takes_feedback(portal, closed):
    Project.objects.update(delivered_at=timezone.now() - timedelta(days=31))
    assert not portal.get(reverse("portal:projects")).context["awaiting"]
    assert "Thank you" in review(portal, closed).text


def test_a_reopened_project_is_reviewed_anew(closed):
    closed.take_review(None, "Ada", 2, "Late")
    closed.reopen()
    found = Project.objects.get()
    assert (found.rating, found.review, found.reviewed_at, found.reviewed_name) == (None, "", None, "")
    closed.close()
    assert Project.objects.awaiting_review().get() == closed
