from django.apps import AppConfig


class ClientDeskConfig(AppConfig):
    name = "clientdesk"
