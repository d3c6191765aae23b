"""Addresses of offices and departments: a client's below /clients/, each one below /offices/ and /departments/."""

from django.urls import path

from contacts import place_views as views
from contacts.place_views import DEPARTMENTS, OFFICES, Kind


def _one(kind: Kind) -> list:
    one, several = kind.one, kind.several
    return [
        path(f"clients/<int:client_pk>/{several}/add/", views.AddPlace.as_view(kind=kind), name=f"add_{one}"),
        path(f"{several}/<int:pk>/edit/", views.EditPlace.as_view(kind=kind), name=f"edit_{one}"),
        path(f"{several}/<int:pk>/deactivate/", views.deactivate, {"kind": kind}, name=f"deactivate_{one}"),
        path(f"{several}/<int:pk>/restore/", views.restore, {"kind": kind}, name=f"restore_{one}"),
        path(f"{several}/<int:pk>/delete/", views.DeletePlace.as_view(kind=kind), name=f"delete_{one}"),
    ]


urlpatterns = [
    path("clients/<int:client_pk>/offices/", views.Offices.as_view(), name="offices"),
    path("clients/<int:client_pk>/departments/", views.Departments.as_view(), name="departments"),
    path("offices/<int:pk>/", views.OfficeDetail.as_view(), name="office"),
    path("offices/<int:pk>/make-headquarters/", views.make_headquarters, name="make_headquarters"),
    path("departments/<int:pk>/", views.DepartmentDetail.as_view(), name="department"),
    *_one(OFFICES),
    *_one(DEPARTMENTS),
]
