"""What an import is while it lasts: the run with its file, and the stage that holds each row's plan and outcome."""

import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clientdesk.models import LongRun, Stamped, User, Versioned
from clientdesk.rights import Right, may
from clients.models import Client, Company


class Verdict(models.TextChoices):
    """What the plan says about one row."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    ERROR = "error", _("Error")
    SKIPPED = "skipped", _("Skipped")


class Base(models.TextChoices):
    """What a row is by itself, whatever the mode makes of it. A barred row is an error in every mode: its key leads to two records
    or stands in two rows, it has none although it is wrong, or it is about a record that the person may not see."""

    NEW = "new", _("New")
    BLANK = "blank", _("New, without identifying text")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    ERROR = "error", _("Error")
    BARRED = "barred", _("Error in every mode")
    SKIPPED = "skipped", _("Skipped")


class Outcome(models.TextChoices):
    """What became of one row."""

    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    SKIPPED = "skipped", _("Skipped")
    FAILED = "failed", _("Failed")
    CONFLICT = "conflict", _("Conflict")


def stored_name(run: "ImportRun", filename: str) -> str:
    """Return the name that the server gives to an uploaded file; the person's own name never touches the disk (trial V24)."""
    return f"imports/{secrets.token_hex(16)}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def seen_by(self, user: User) -> "ImportRunQuerySet":
        """Runs that `user` may look at: their own, and every one for staff with the right to import."""
        return self.all() if may(user, Right.IMPORT) else self.filter(created_by=user)

    def unfinished(self) -> "ImportRunQuerySet":
        """Runs that are not over."""
        return self.filter(state__in=ImportRun.OPEN)

    def end(self, state: str, refusal: str = "") -> None:
        """Nothing more will happen to these runs; `refusal` is the sentence why where they failed."""
        now = timezone.now()
        self.update(state=state, refusal=refusal, finished_at=now, updated_at=now)


class ImportRun(Stamped):
    """One import from upload to result. It never holds what the file says: that is in its rows, which are the stage."""

    class Kind(models.TextChoices):
        CORPORATE = "corporate", _("Corporate clients")
        INDIVIDUAL = "individual", _("Individual clients")
        CONTACT = "contact", _("Contact persons")
        TREE = "tree", _("Company tree")

    class Mode(models.TextChoices):
        CREATE = "create", _("Add new ones only")
        UPDATE = "update", _("Update existing ones only")
        UPSERT = "upsert", _("Add and update")

    class Key(models.TextChoices):
        NAME = "name", _("Name")
        NUMBER = "number", _("Client number")
        EMAIL = "email", _("Main contact e-mail")
        EXTERNAL_ID = "external_id", _("External ID")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        READING = "reading", _("Reading")
        MATCHING = "matching", _("To match")
        REVIEW = "review", _("To review")
        APPLYING = "applying", _("Importing")
        DONE = "done", _("Done")
        FAILED = "failed", _("Refused")
        CANCELLED = "cancelled", _("Cancelled")

    class Phase(models.TextChoices):
        """Where the planning of a run stands; each phase has its own cursor (a row) or bookmark (a text) from the start."""

        ROWS = "rows", _("Reading the rows")
        AGAIN = "again", _("Comparing again")
        SAME_NAMES = "same_names", _("Comparing the rows with each other")
        SAME_IDS = "same_ids", _("Comparing the rows with each other")
        SAME_KEYS = "same_keys", _("Comparing the rows with each other")
        NAMES = "names", _("Proposing names")
        COUNTS = "counts", _("Counting")

    OPEN = (State.UPLOADED, State.READING, State.MATCHING, State.REVIEW, State.APPLYING)

    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.CORPORATE)
    mode = models.CharField(_("Mode"), max_length=10, choices=Mode, default=Mode.UPSERT)
    key = models.CharField(_("Identifying field"), max_length=20, choices=Key, default=Key.NAME)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.UPLOADED)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.ROWS, editable=False)
    file = models.FileField(_("File"), upload_to=stored_name, max_length=100)
    filename = models.CharField(_("File name"), max_length=255)
    size = models.PositiveBigIntegerField(_("Size"), default=0)
    sha256 = models.CharField(max_length=64, editable=False)
    # The key of the client whom the file was brought for, 0 for none in particular. It stays when that client is merged or goes.
    brought_for = models.BigIntegerField(default=0, editable=False)
    # Counted up when a person settles mapping, reading or mode, so that nobody overwrites what somebody else settled meanwhile.
    version = models.PositiveIntegerField(default=1, editable=False)
    refusal = models.TextField(_("Refused because"), blank=True)
    problems = models.JSONField(default=list, editable=False)
    headers = models.JSONField(default=list, editable=False)
    # How the file is read: what was found (`found`, for the page) and what a person chose instead (`options`).
    found = models.JSONField(default=dict, editable=False)
    options = models.JSONField(default=dict, editable=False)
    # The first texts beneath each header, for the page on which columns are matched.
    samples = models.JSONField(default=list, editable=False)
    mapping = models.JSONField(default=list, editable=False)
    # Whether a person confirmed the mapping.
    is_matched = models.BooleanField(default=False, editable=False)
    # {column key: {text of a cell: text to read instead}}, chosen once for all equal cells.
    replacements = models.JSONField(default=dict, editable=False)
    # {column key: "keep" or "clear"}; "" is every column that is not named.
    empty_cells = models.JSONField(default=dict, editable=False)
    skip_errors = models.BooleanField(_("Skip rows with errors"), default=True)
    # {identifying field: {"one": rows, "many": rows, "none": rows, "blank": rows}}
    matches = models.JSONField(default=dict, editable=False)
    # The one client whose contact persons the file holds (XD2).
    client = models.ForeignKey(Client, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Client"))
    # The import whose corrected rows this file brings.
    corrects = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="corrections", editable=False)
    invites = models.BooleanField(_("Invite to the client portal"), default=False)
    notes = models.JSONField(default=list, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    rows_read = models.PositiveBigIntegerField(_("Rows read"), default=0)
    cursor = models.PositiveBigIntegerField(default=0, editable=False)
    bookmark = models.TextField(blank=True, editable=False)
    work = models.OneToOneField(LongRun, models.SET_NULL, null=True, blank=True, related_name="import_run", editable=False)
    started_at = models.DateTimeField(_("Started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)
    undo = models.OneToOneField(LongRun, models.SET_NULL, null=True, blank=True, related_name="undone_import", editable=False)
    undone_at = models.DateTimeField(_("Undone"), null=True, blank=True, editable=False)
    # What the undo left as it was and why; see `undoing`.
    undo_report = models.JSONField(default=dict, editable=False)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            # The same file in two tabs is one import (trial D15); people of two clients are two imports (XD2).
            models.UniqueConstraint(
                fields=["kind", "sha256", "brought_for"],
                condition=models.Q(state__in=["uploaded", "reading", "matching", "review", "applying"]),
                name="importrun_file_once_open",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("intake:run", args=[self.pk])

    @property
    def standing(self) -> str:
        """The state, or what the worker's row says when it stopped this run: cancelled or failed."""
        if self.work and self.state in {self.State.UPLOADED, self.State.READING, self.State.APPLYING}:
            if self.work.state == LongRun.State.CANCELLED:
                return self.State.CANCELLED
            if self.work.state == LongRun.State.FAILED:
                return self.State.FAILED
        return self.state

    @property
    def figures(self) -> dict[str, int]:
        """What became of the rows read: created + updated + unchanged + skipped + failed is always their number.

        Conflicts are part of failed. While the import runs, and after a cancelled one, the rows not reached count as skipped.
        """
        found = {name: self.counts.get(name, 0) for name in (Outcome.CREATED, Outcome.UPDATED)}
        unchanged, error = self.counts.get(Verdict.UNCHANGED, 0), self.counts.get(Verdict.ERROR, 0)
        failed = error + self.counts.get(Outcome.FAILED, 0) + self.counts.get(Outcome.CONFLICT, 0)
        rest = self.rows_read - sum(found.values()) - unchanged - failed
        return {
            "read": self.rows_read,
            **{str(name): count for name, count in found.items()},
            "unchanged": unchanged,
            "skipped": rest,
            "failed": failed,
        }

    @property
    def badge(self) -> str:
        """The name of the standing among the words that pages know."""
        known = {"uploaded": "queued", "reading": "running", "review": "waiting", "applying": "running"}
        return known.get(self.standing, self.standing)

    @property
    def badge_label(self) -> str:
        """The standing in words."""
        if self.standing == self.State.FAILED and self.started_at:
            return str(_("Stopped"))
        return str(self.State(self.standing).label)

    def discard(self) -> None:
        """Give up a reviewed import before it starts: its rows go, nothing was saved. The caller holds the row's lock."""
        self.rows.all().delete()
        ImportRun.objects.filter(pk=self.pk).end(self.State.CANCELLED)

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to this run any more."""
        return self.standing not in self.OPEN


class StagedRow(models.Model):
    """One row of a file: its text, what the plan makes of it and what became of it. The table is UNLOGGED on PostgreSQL.

    `values` holds the stored form of each given cell by column key; `changes` holds [before, after] for each cell that an
    update changes, and in a row with errors for each cell that was edited in the file and here; `errors` and `warnings` hold sentences
    by column key ("" = the row as a whole).
    """

    pk = models.CompositePrimaryKey("run_id", "line")
    # Without a constraint: it would cost a look-up a row, and a run is never deleted before its rows.
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False, db_constraint=False)
    line = models.PositiveIntegerField(_("Row"))
    # What the row is by itself, as adding and updating sees it, and what the chosen mode makes of that.
    base = models.CharField(max_length=10, choices=Base, default=Base.ERROR)
    verdict = models.CharField(_("Result"), max_length=10, choices=Verdict)
    name_key = models.CharField(max_length=200, null=True)  # noqa: DJ001 - NULL = no name given yet
    external_id = models.CharField(max_length=100, null=True)  # noqa: DJ001 - NULL = none given
    target_id = models.BigIntegerField(null=True)
    target_version = models.PositiveIntegerField(null=True)
    # The identifying text where it is neither name nor external ID.
    match_key = models.CharField(max_length=254, null=True)  # noqa: DJ001 - NULL = none given
    raw = models.JSONField()
    # {position: sentence} of cells that the reader could not read soundly, and {position: text before} of cells edited here.
    faults = models.JSONField(null=True)
    edits = models.JSONField(null=True)
    values = models.JSONField(null=True)
    changes = models.JSONField(null=True)
    # What a row says of further records: office, department and person of a company tree.
    parts = models.JSONField(null=True)
    errors = models.JSONField(null=True)
    warnings = models.JSONField(null=True)
    outcome = models.CharField(_("Outcome"), max_length=10, choices=Outcome, null=True)  # noqa: DJ001 - NULL = nothing yet

    class Meta:
        indexes = [models.Index(fields=["run", "verdict", "line"], name="stagedrow_by_verdict")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"


class ErrorWorkbook(models.Model):
    """The error workbook of a large import as `reader` may see it, made by the worker; `extension` is blank while it is not there.

    It holds what the import held when its rows were last judged or saved (`as_of`): later corrections make it an old one.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="error_workbooks")
    reader = models.ForeignKey(User, models.CASCADE, related_name="+")
    work = models.OneToOneField(LongRun, models.SET_NULL, null=True, related_name="error_workbook")
    # Named before it is written: a worker that is killed leaves no file that nobody knows.
    file = models.FileField(_("File"), max_length=100)
    extension = models.CharField(max_length=5, blank=True)
    as_of = models.DateTimeField()
    asked_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "reader"], name="errorworkbook_once")]

    def __str__(self) -> str:
        return f"{self.run_id} for {self.reader_id}"

    @property
    def is_ready(self) -> bool:
        """Whether it is there and tells what the import holds now."""
        return bool(self.extension) and self.as_of == self.run.updated_at


class KnownHeaders(models.Model):
    """How a file with these headers was matched last time; nothing of its rows."""

    kind = models.CharField(max_length=10, choices=ImportRun.Kind)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "fingerprint"], name="knownheaders_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:8]}"


class KnownValue(models.Model):
    """What a text in a column meant the last time a person said so ("Deutschland" is Germany)."""

    column = models.CharField(max_length=100)
    value = models.CharField(max_length=200)
    text = models.CharField(max_length=200)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["column", "value"], name="knownvalue_once")]

    def __str__(self) -> str:
        return f"{self.column}: {self.value}"


class ClientDraftQuerySet(models.QuerySet["ClientDraft"]):
    def of(self, user: User) -> "ClientDraftQuerySet":
        """Drafts that `user` started and that did not run out: nobody else ever sees one (S4)."""
        return self.filter(owner=user, expires_at__gt=timezone.now())

    def expired(self) -> "ClientDraftQuerySet":
        """Drafts that ran out and wait for the sweep."""
        return self.filter(expires_at__lte=timezone.now())


class ClientDraft(Versioned):
    """One guided creation of a client while it lasts (S4 to S16): the answers of its steps, its owner's alone; expires unfinished.

    `answers` holds what was posted by step and field; `visited` the steps that were answered, in order. `client` is what Finish
    made: a draft finishes once, and posted again it leads there.
    """

    # The one entry of `visited` after Finish.
    FINISHED = "finished"

    owner = models.ForeignKey(User, models.CASCADE, related_name="client_drafts")
    company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="+")
    answers = models.JSONField(default=dict)
    visited = models.JSONField(default=list)
    client = models.OneToOneField(Client, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("Started"), auto_now_add=True)
    updated_at = models.DateTimeField(_("Last change"), auto_now=True)
    expires_at = models.DateTimeField(_("Expires"))

    objects = ClientDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-id"]
        verbose_name = _("draft of a client")
        verbose_name_plural = _("drafts of clients")
        indexes = [models.Index(fields=["owner", "updated_at"], name="clientdraft_by_owner")]

    def __str__(self) -> str:
        return f"{self.owner} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("wizard:resume", args=[self.pk])

    @property
    def is_from_company(self) -> bool:
        """Whether the client is made from a company of the registry (S5, SD1)."""
        return "company" in self.answers

    @property
    def is_finished(self) -> bool:
        """Whether Finish made the client, also where that client is gone since."""
        return self.client_id is not None or self.visited == [self.FINISHED]


class DraftFile(models.Model):
    """A document uploaded in the wizard for a required document of the category; it becomes the client's at Finish."""

    draft = models.ForeignKey(ClientDraft, models.CASCADE, related_name="files")
    requirement = models.CharField(_("Document"), max_length=100)
    file = models.FileField(_("File"), max_length=100)
    filename = models.CharField(_("File name"), max_length=255)
    size = models.PositiveBigIntegerField(_("Size"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "requirement"], name="draftfile_once")]

    def __str__(self) -> str:
        return self.filename
