"""The plan of a draft: which steps company type and category give it, which are answered, what is asked no more (S6, S7)."""

import hashlib
import json
from functools import cached_property

from django.utils.translation import gettext as _

from clientdesk.models import User
from clientdesk.rights import Right, may
from clients import custom
from clients.models import Branch, Category, Client, CompanyType, CustomField
from contacts.models import Position
from intake.models import ClientDraft
from intake.wizard import choosing, drafts, numbering
from intake.wizard.drafts import Raw
from intake.wizard.steps import STEPS, Step

_LOOKS = 16


class Plan:
    """What the wizard asks for one draft of one person. Made anew for each request, and after every answer that is kept."""

    def __init__(self, draft: ClientDraft, user: User) -> None:
        self.draft, self.user = draft, user

    # --- what is chosen -----------------------------------------------------------------------------
    def _first(self, step: str, name: str) -> str:
        return (self.draft.answers.get(step, {}).get(name) or [""])[0]

    @cached_property
    def _type_and_kind(self) -> tuple[CompanyType | None, str]:
        if self.draft.is_from_company:
            return (self.draft.company.company_type if self.draft.company else None), Client.Kind.CORPORATE
        return choosing.read_type(self._first("type", "company_type"))

    @property
    def company_type(self) -> CompanyType | None:
        """The company type, as soon as it is chosen."""
        return self._type_and_kind[0]

    @property
    def kind(self) -> str:
        """The kind of client, which follows from the company type."""
        return self._type_and_kind[1]

    @property
    def is_individual(self) -> bool:
        """Whether the client will be one person."""
        return self.kind == Client.Kind.INDIVIDUAL

    @cached_property
    def category(self) -> Category | None:
        """The category, as soon as it is chosen."""
        return choosing.read_category(self._first("company" if self.draft.is_from_company else "type", "category"), self.user)

    @cached_property
    def may_invite(self) -> bool:
        """Whether this person may make portal users."""
        return may(self.user, Right.INVITE)

    @cached_property
    def country(self) -> str:
        """The country in which phone numbers are written."""
        branch = Branch.preselected(self.user)
        own = self.draft.company.country if self.draft.company else self._first("identification", "country")
        return own or (branch.country if branch else "")

    @cached_property
    def positions(self) -> list[tuple[object, str]]:
        """The positions that a contact may have, read once for all rows."""
        return [("", _("Not given")), *((one.pk, str(one)) for one in Position.objects.filter(active=True))]

    @property
    def example_number(self) -> str:
        """A client number such as Finish will make."""
        return numbering.example(self.company_type)

    def blank_client(self) -> Client:
        """Return an unsaved client with what is chosen."""
        return Client(kind=self.kind, company_type=self.company_type, category=self.category)

    # --- what is asked ------------------------------------------------------------------------------
    @cached_property
    def custom_fields(self) -> list[CustomField]:
        """The custom fields asked of such a client."""
        return custom.asked(CustomField.Entity.CLIENT, self.company_type, self.category)

    @cached_property
    def contact_fields(self) -> list[CustomField]:
        """The custom fields without which no contact of such a client is complete."""
        asked = custom.asked(CustomField.Entity.CONTACT, self.company_type, self.category)
        return [field for field in asked if field.required]

    @cached_property
    def extra_fields(self) -> list[CustomField]:
        """Those custom fields that have a step of their own: the category's, where it names one; all, from an existing company."""
        if self.draft.is_from_company:
            return self.custom_fields
        if not choosing.extra_step(self.category):
            return []
        return [field for field in self.custom_fields if field.category_id]

    @cached_property
    def requirements(self) -> list[str]:
        """The documents that the category wants."""
        return choosing.required_documents(self.category)

    @cached_property
    def steps(self) -> list[Step]:
        """The steps of this draft, in order; Review is always the last."""
        slugs = ["company"] if self.draft.is_from_company else ["type", "identification", *self._steps_of_type()]
        if self.extra_fields:
            slugs.append("more")
        if self.requirements:
            slugs.append("documents")
        return [STEPS[slug](self) for slug in [*slugs, "review"]]

    def _steps_of_type(self) -> list[str]:
        asked = self.company_type.steps if self.company_type else []
        # An individual is its own one contact (invariant 4).
        return [step for step in CompanyType.Step.values if step in asked and not (step == "contacts" and self.is_individual)]

    def find(self, slug: str) -> Step | None:
        """Return the step `slug` of this draft, or None where it has none."""
        return next((step for step in self.steps if step.slug == slug), None)

    # --- where the person stands --------------------------------------------------------------------
    @property
    def standing(self) -> Step:
        """The first step that is not answered; Review when all are."""
        return next((step for step in self.steps if step.slug not in self.draft.visited), self.steps[-1])

    def may_open(self, step: Step) -> bool:
        """Say whether every step before `step` is answered: none is skipped by its address (S7)."""
        return self.steps.index(step) <= self.steps.index(self.standing)

    def before(self, step: Step) -> Step | None:
        """Return the step before `step`, or None for the first."""
        place = self.steps.index(step)
        return self.steps[place - 1] if place else None

    def after(self, step: Step) -> Step:
        """Return the step after `step`."""
        return self.steps[self.steps.index(step) + 1]

    # --- keeping ------------------------------------------------------------------------------------
    def looks(self, step: Step) -> str:
        """Return what a page of `step` carries of what it showed, so that a second tab cannot overwrite unseen answers (V31). The last
        one showed all of them: Finish makes no client of what was not read."""
        about = [step.slug, step.kept, self.kind, getattr(self.company_type, "pk", None), getattr(self.category, "pk", None)]
        if step.slug == self.steps[-1].slug:
            about += [[one.slug, one.kept] for one in self.steps[:-1]]
            about += [list(pair) for pair in self.draft.files.order_by("pk").values_list("requirement", "filename")]
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:_LOOKS]

    @property
    def unused(self) -> list[str]:
        """The labels of what is kept and asked no more; it comes back with the former type or category (S6)."""
        found = [label for slug in STEPS if slug in self.draft.answers for label in STEPS[slug](self).unused()]
        asked = {name for step in self.steps for name in step.custom_names}
        gone = [name for name, values in self.draft.answers.get(drafts.CUSTOM, {}).items() if name not in asked and any(values)]
        if gone:
            labels = {custom.form_name(key): label for key, label in CustomField.objects.values_list("key", "label")}
            found += [labels.get(name, name) for name in gone]
        if "documents" not in self.draft.answers:
            found += STEPS["documents"](self).unused()
        return found

    def keep(self, step: Step, raw: Raw, *, answered: bool) -> list[str]:
        """Keep the answers `raw` of `step` and return the labels of what is no longer asked because of them.

        `answered` says that the step passed its form; without it the answers are kept as they were typed (Back).
        """
        before = set(self.unused) if self.steps[0] is step else set()
        drafts.lay_down(self.draft, step.slug, raw, step.custom_names)
        visited = [slug for slug in self.draft.visited if slug != step.slug]
        self.draft.visited = [*visited, step.slug] if answered else visited
        now = Plan(self.draft, self.user)
        if self.steps[0] is step:
            self._take_company()
            now = Plan(self.draft, self.user)
            # Another type or category may ask more of steps that were answered.
            wrong = {one.slug for one in now.steps if one.slug in self.draft.visited and not one.is_valid()}
            self.draft.visited = [slug for slug in self.draft.visited if slug not in wrong]
        drafts.save(self.draft)
        if self.steps[0] is not step:
            return []
        return [label for label in now.unused if label not in before]

    def _take_company(self) -> None:
        if self.draft.is_from_company:
            self.draft.company = choosing.free_company(self._first("company", "company"))
