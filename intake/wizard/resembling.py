"""The clients that the one of a draft may be, told before Finish."""

from clients.duplicates import Candidate, Facts, asked_about
from intake.wizard.plan import Plan


def resembling(plan: Plan) -> list[Candidate]:
    """Return the clients which the person may see and which the client of this draft most likely is already."""
    typed = {
        name: (values or [""])[0] for step in ("identification", "company") for name, values in plan.draft.answers.get(step, {}).items()
    }
    company = plan.draft.company if plan.draft.is_from_company else None
    legal_name = company.registered_name if company else typed.get("legal_name", "")
    if plan.is_individual:
        legal_name = f"{typed.get('first_name', '')} {typed.get('last_name', '')}".strip()
    facts = Facts.typed(
        typed.get("name", "")[:200],
        legal_name[:200],
        typed.get("email", "")[:254],
        phone=typed.get("phone", "")[:40],
        tax_number=company.tax_number if company else typed.get("tax_number", "")[:40],
        kind=plan.kind,
    )
    return asked_about(facts, plan.user)
