"""A file on its way in, written to the disk while it arrives; where there is no room for it, the form says so (trial F10)."""

import io
from contextlib import suppress

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class Lost(io.RawIOBase):
    """What stands for a file that the disk did not take: reading it raises why, so that the form can answer with a sentence."""

    def __init__(self, trouble: OSError) -> None:
        super().__init__()
        self.trouble = trouble

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        raise OSError(self.trouble.errno, self.trouble.strerror)

    def readinto(self, buffer: object) -> int:
        raise OSError(self.trouble.errno, self.trouble.strerror)


class ArrivingFile(TemporaryFileUploadHandler):
    """Django's handler of large files; an OSError of the disk becomes a Lost file and leaves nothing behind."""

    trouble: OSError | None = None

    def new_file(self, *args, **kwargs) -> None:
        self.trouble = None
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self.trouble = error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.trouble:
            # The rest is read to its end all the same, or the browser would never read our answer.
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._lose(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.trouble:
            try:
                return super().file_complete(file_size)
            except OSError as error:
                self._lose(error)
        return UploadedFile(Lost(self.trouble), self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        if not self.trouble:
            super().upload_interrupted()

    def _lose(self, error: OSError) -> None:
        self.trouble = error
        # Closing deletes the file, but first tries to write what is still in its buffer.
        with suppress(OSError):
            self.file.close()
