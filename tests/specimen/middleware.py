"""Who looks at the specimen pages: a member of staff that no database knows."""

from clientdesk.models import User
from clientdesk.rights import Role


class SomebodyMiddleware:
    """Put a made-up administrator into the request; the cookie `theme` is that person's theme."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        request.user = User(
            pk=12,
            email="ingrid@desk.example",
            first_name="Ingrid",
            last_name="Dahl",
            role=Role.ADMINISTRATOR,
            theme=request.COOKIES.get("theme", ""),
        )
        return self.get_response(request)
