"""Documents: taken safely, kept under a name of ours, handed out as a download (SD3)."""

import errno

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from clientdesk import documents
from clients.models import ClientDocument


def upload(content: bytes = b"%PDF-1.7", name: str = "Contract.pdf") -> SimpleUploadedFile:
    found = SimpleUploadedFile("x", content)
    found._name = name
    return found


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Vertrag Müller.pdf", "Vertrag Müller.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\Contract.pdf", "Contract.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("cod\u202efdp.exe", "codfdp.exe"),
        ("عقد.pdf", "عقد.pdf"),
        ('he said "no".txt', 'he said "no".txt'),
        ("", "Document"),
        ("...", "Document"),
        ("/", "Document"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
        ("." + "x" * 300, "x" * 200),
    ],
)
def test_the_name_of_a_file_is_made_harmless(name, kept):
    assert documents.harmless_name(name) == kept


@pytest.mark.parametrize(("content", "said"), [(b"", "This file is empty"), (b"x" * 101, "A file may have at most 100")])
def test_an_empty_and_a_large_file_are_refused(content, said):
    with pytest.raises(ValidationError) as refused:
        documents.DocumentField(most=100).clean(upload(content))
    assert said in refused.value.messages[0]


def test_no_file_is_said():
    with pytest.raises(ValidationError, match="Choose a file"):
        documents.DocumentField().clean(None)


def test_a_kept_file_comes_back_as_a_download_that_no_browser_shows(db, django_capture_on_commit_callbacks):
    arrived = documents.DocumentField().clean(upload(b"<script>alert(1)</script>", '../x/"Page"\r\n.html'))
    name = documents.keep(arrived, "clients")
    assert "Page" not in name
    assert name.startswith("clients/")
    document = ClientDocument(file=name, filename=arrived.name)
    response = documents.serve(document.file, document.filename)
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "\n" not in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    response.close()
    with django_capture_on_commit_callbacks(execute=True):
        documents.forget(name, "", "clients/never-there")
    assert not default_storage.exists(name)
    with pytest.raises(Http404):
        documents.serve(document.file, document.filename)


def test_a_full_disk_is_a_sentence(monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(ValidationError, match="the disk is full"):
        documents.keep(upload(), "clients")
