from django.apps import AppConfig


class ClientDeskConfig(AppConfig):
    name = "clientdesk"

    def ready(self) -> None:
        from clientdesk import checks  # noqa: F401, PLC0415 - importing registers them
