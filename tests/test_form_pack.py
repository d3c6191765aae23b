"""The crispy pack: every control has its label, its hint and its error where the browser and the screen reader look for them."""

import re
from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Hidden, Layout, Reset, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.forms import formset_factory
from django.template.loader import render_to_string

from clientdesk.templatetags.desk import problems


class ClientForm(forms.Form):
    name = forms.CharField(label="Name", help_text="Internal.")
    country = forms.ChoiceField(label="Country", required=False, choices=[("", "None"), ("DE", "Germany")])
    kind = forms.ChoiceField(
        label="Kind", choices=[("c", "Corporate"), ("i", "Individual")], widget=forms.RadioSelect, help_text="Not changed later."
    )
    offices = forms.MultipleChoiceField(label="Offices", required=False, choices=[("1", "Berlin")], widget=forms.CheckboxSelectMultiple)
    primary = forms.BooleanField(label="Primary contact", required=False, help_text="Gets the invitation.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"class": "tall"}))
    file = forms.FileField(label="File", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    helper = FormHelper()
    helper.layout = Layout(
        "version", Row("name", Field("country", wrapper_class="full")), Fieldset("More", "kind", "offices", "primary", "note", "file"),
        Submit("save", "Add client"), Reset("reset", "Discard"), Hidden("next", "/"),
    )  # fmt: skip


class Ids(HTMLParser):
    """Collects ids, describedby references, tags in order and what stands inside labels."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.described, self.order, self.labels, self.targets = [], [], [], [], []
        self.inside = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.order.append((tag, found.get("class", ""), found.get("id", "")))
        if found.get("id"):
            self.ids.append(found["id"])
        self.described += (found.get("aria-describedby") or "").split()
        if tag == "label":
            self.inside += 1
            self.targets.append(found.get("for"))
        elif self.inside:
            self.labels.append((tag, found.get("class", "")))

    def handle_endtag(self, tag):
        self.inside -= tag == "label"


def shown(data: dict | None = None) -> tuple[str, Ids]:
    text = render_crispy_form(ClientForm(data))
    return text, Ids(text)


@pytest.mark.parametrize("data", [None, {"country": "FR", "version": "1"}], ids=["fresh", "with errors"])
def test_every_id_is_there_once_and_every_reference_leads_somewhere(data):
    _text, page = shown(data)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.described) <= set(page.ids)
    assert set(page.targets) <= set(page.ids)


def test_label_control_error_and_hint_follow_each_other():
    _text, page = shown({"version": "1"})
    ids = [identity for _tag, _css, identity in page.order if identity.startswith("id_name")]
    assert ids == ["id_name", "id_name_error", "id_name_helptext"]


def test_nothing_but_the_optional_mark_stands_inside_a_label():
    _text, page = shown({"version": "1"})
    assert set(page.labels) <= {("span", "opt")}


def test_the_pack_prints_no_form_tag_and_no_inline_style():
    text, _page = shown({"version": "1"})
    assert "<form" not in text
    assert "style=" not in text


def test_optional_fields_say_so_and_required_ones_do_not():
    text, _page = shown()
    assert re.search(r"Country\s*<span class=\"opt\">\(optional\)", text)
    assert not re.search(r"Name\s*<span class=\"opt\">", text)
    assert "*" not in text


def test_a_form_may_keep_a_field_unmarked_that_another_field_makes_required():
    form = ClientForm()
    form.fields["country"].mark_optional = False
    assert not re.search(r"Country\s*<span class=\"opt\">", render_crispy_form(form))


def test_choices_stand_in_a_fieldset_with_its_question():
    text, page = shown({"version": "1"})
    assert re.search(r"<fieldset[^>]*id=\"id_kind\"[^>]*aria-describedby=\"id_kind_helptext id_kind_error\"", text)
    assert re.search(r"<legend>Kind\s*</legend>", text)
    assert "id_kind_0" in page.targets


def test_controls_keep_the_classes_that_the_form_gives_them():
    text, _page = shown()
    assert 'class="input area tall"' in text
    assert 'class="select"' in text
    assert 'class="input file"' in text


def test_the_version_travels_hidden_and_buttons_keep_name_and_value():
    text, _page = shown()
    assert re.search(r"<input type=\"hidden\" name=\"version\"", text)
    assert re.search(r"<button type=\"submit\" name=\"save\" value=\"Add client\" class=\"btn btn-primary\"", text)
    assert re.search(r"<button type=\"reset\"", text)
    assert re.search(r"<input type=\"hidden\" name=\"next\" value=\"/\">", text)


def test_the_summary_links_each_error_to_its_control():
    form = ClientForm({"version": "1"})
    assert [problem["target"] for problem in problems(form)] == ["id_name", "id_kind_0"]
    text = render_to_string("components/error_summary.html", {"form": form})
    assert "There are 2 problems" in text
    assert 'role="alert" tabindex="-1"' in text
    assert 'href="#id_kind_0"' in text


def test_an_error_of_the_whole_form_or_of_a_hidden_field_is_said_without_a_link():
    form = ClientForm({"name": "Brauer", "kind": "c"})
    form.add_error(None, "Somebody saved since.")
    assert [problem["target"] for problem in problems(form)] == ["", ""]


def test_a_form_without_errors_has_no_summary():
    assert not render_to_string("components/error_summary.html", {"form": ClientForm()}).strip()
    assert not render_to_string("components/error_summary.html", {}).strip()


def test_a_formset_has_one_summary_for_all_its_forms():
    formset = formset_factory(ClientForm, extra=2)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "A", "form-1-name": ""}
    )
    assert "id_form-0-kind_0" in [problem["target"] for problem in problems(formset)]
