"""Addresses of what is done on a job, all below /jobs/."""

from django.urls import path

from jobs import board_views, docket_views
from jobs import job_work_views as views
from jobs.models import JobCheck, JobPart, Signature, WorkSession

urlpatterns = [
    path("jobs/board/", board_views.Board.as_view(), name="board"),
    path("jobs/calendar/", board_views.JobCalendar.as_view(), name="calendar"),
    path("jobs/<int:pk>/docket/", docket_views.docket, name="docket"),
    path("jobs/<int:pk>/docket/send/", docket_views.SendDocket.as_view(), name="send_docket"),
    path("jobs/<int:pk>/note/", views.AddNote.as_view(), name="add_note"),
    path("jobs/<int:pk>/sign/", views.Sign.as_view(), name="sign"),
    path("jobs/<int:pk>/sessions/add/", views.AddSession.as_view(), name="add_session"),
    path("jobs/<int:pk>/sessions/start/", views.start_session, name="start_session"),
    path("jobs/<int:pk>/parts/add/", views.AddPart.as_view(), name="add_part"),
    path("jobs/<int:pk>/checks/add/", views.AddCheck.as_view(), name="add_check"),
    path("jobs/sessions/<int:pk>/edit/", views.EditSession.as_view(), name="edit_session"),
    path("jobs/sessions/<int:pk>/stop/", views.stop_session, name="stop_session"),
    path("jobs/sessions/<int:pk>/remove/", views.RemoveFromJob.as_view(model=WorkSession), name="remove_session"),
    path("jobs/parts/<int:pk>/edit/", views.EditPart.as_view(), name="edit_part"),
    path("jobs/parts/<int:pk>/remove/", views.RemoveFromJob.as_view(model=JobPart), name="remove_part"),
    path("jobs/checks/<int:pk>/tick/", views.tick, name="tick"),
    path("jobs/checks/<int:pk>/remove/", views.RemoveFromJob.as_view(model=JobCheck), name="remove_check"),
    path("jobs/signatures/<int:pk>/image/", views.signature_image, name="signature"),
    path("jobs/signatures/<int:pk>/remove/", views.RemoveFromJob.as_view(model=Signature), name="remove_signature"),
]
