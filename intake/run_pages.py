"""What the pages of one import share: the run, its steps, where it stands."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clientdesk.rights import Right
from clientdesk.views import Screen
from intake.kinds import key_label
from intake.models import ImportRun

_STEPS = {
    "upload": gettext_lazy("Upload"),
    "match": gettext_lazy("Match columns"),
    "review": gettext_lazy("Review"),
    "mode": gettext_lazy("Import mode"),
    "result": gettext_lazy("Result"),
}


class RunScreen(Screen):
    """A step of one import."""

    right = Right.IMPORT
    step = ""

    def run_of(self, pk: int) -> ImportRun:
        """Return the import, or answer 404 where it is not this person's to see."""
        runs = ImportRun.objects.seen_by(self.request.user).select_related("work", "created_by")
        return get_object_or_404(runs, pk=pk)

    def of(self, run: ImportRun) -> dict[str, object]:
        """Return what every step shows."""
        return {
            "run": run,
            "key_label": key_label(run.kind, run.key),
            "figures": run.figures,
            "steps": steps(run),
            "current": list(_STEPS).index(self.step) + 1,
        }


def steps(run: ImportRun | None) -> list[dict[str, str]]:
    """Return label and address of each step; a step that cannot be gone to has no address."""
    urls = {"upload": reverse("intake:upload")}
    if run and run.standing in {ImportRun.State.MATCHING, ImportRun.State.REVIEW}:
        urls["match"] = reverse("intake:match", args=[run.pk])
    if run and run.standing == ImportRun.State.REVIEW:
        urls |= {name: reverse(f"intake:{name}", args=[run.pk]) for name in ("review", "mode")}
    return [{"label": str(label), "url": urls.get(name, "")} for name, label in _STEPS.items()]


def standing_url(run: ImportRun) -> str:
    """Return the address of the step where `run` stands."""
    step = "match" if run.standing == ImportRun.State.MATCHING else "review"
    if run.standing == ImportRun.State.APPLYING:
        step = "progress"
    elif run.started_at:
        step = "result"
    return reverse(f"intake:{step}", args=[run.pk])
