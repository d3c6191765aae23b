"""The pages of the client portal, below /portal/."""

from django.urls import path

from portal import (
    brand_views,
    company_views,
    file_views,
    job_views,
    own_views,
    project_views,
    quote_views,
    request_views,
    review_views,
    search_views,
    views,
)

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("brand.css", brand_views.brand_css, name="brand_css"),
    path("mark/", brand_views.brand_mark, name="brand_mark"),
    path("quotes/", quote_views.Quotes.as_view(), name="quotes"),
    path("quotes/request/", request_views.request_quote, name="request_quote"),
    path("quotes/<int:pk>/", quote_views.quote, name="quote"),
    path("quotes/<int:pk>/quote.pdf", quote_views.quote_paper, name="quote_paper"),
    path("quotes/<int:pk>/accept/", quote_views.accept, name="accept"),
    path("quotes/<int:pk>/reject/", quote_views.reject, name="reject"),
    path("quotes/<int:pk>/files/add/", request_views.add_quote_file, name="add_quote_file"),
    path("projects/", project_views.Projects.as_view(), name="projects"),
    path("projects/<int:pk>/", project_views.project, name="project"),
    path("projects/<int:pk>/deliverables.zip", project_views.deliverables, name="deliverables"),
    path("projects/<int:pk>/feedback/", review_views.review, name="review"),
    path("projects/<int:pk>/files/add/", request_views.add_project_file, name="add_project_file"),
    path("jobs/", job_views.Jobs.as_view(), name="jobs"),
    path("jobs/request/", request_views.request_job, name="request_job"),
    path("jobs/<int:pk>/", job_views.job, name="job"),
    path("jobs/<int:pk>/cancel/", job_views.cancel, name="cancel_job"),
    path("jobs/<int:pk>/files/add/", request_views.add_job_file, name="add_job_file"),
    path("files/", file_views.Files.as_view(), name="files"),
    path("files/<int:pk>/", file_views.download, name="download"),
    path("colleagues/", company_views.Colleagues.as_view(), name="colleagues"),
    path("company/", company_views.company, name="company"),
    path("search/", search_views.search, name="search"),
    path("profile/", own_views.profile, name="profile"),
    path("profile/edit/", own_views.EditProfile.as_view(), name="edit_profile"),
    path("profile/address/", own_views.EditAddress.as_view(), name="edit_address"),
    path("profile/formats/", own_views.EditFormats.as_view(), name="edit_formats"),
]
