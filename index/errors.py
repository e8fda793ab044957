"""Every error a user can meet, in one tree; each message says what happened and what to do.

AssayError
├── SettingsError    an ASSAY_* setting is unknown or has a value that cannot be used
├── RegistryError    the registry of state entities is malformed
├── SourceError      a file or folder cannot be read as articles
├── EncoderError     the encoder cannot be loaded, or is not the one the index was made with
├── StoreError       the index is missing, empty, damaged or does not hold what was asked for
├── QuestionError    a question or its history cannot be answered as given
└── SamplesError     an evaluation file is malformed
"""


class AssayError(Exception):
    """Base of all errors meant for the user: one line, no traceback."""


class SettingsError(AssayError):
    """An ASSAY_* setting is unknown or unusable."""


class RegistryError(AssayError):
    """The registry of state entities is malformed."""


class SourceError(AssayError):
    """A source cannot be read as articles."""


class EncoderError(AssayError):
    """The encoder cannot be loaded or does not fit the index."""


class StoreError(AssayError):
    """The index is missing, empty, damaged or lacks what was asked for."""


class QuestionError(AssayError):
    """A question or its history cannot be answered as given."""


class SamplesError(AssayError):
    """An evaluation file is malformed."""


class DraftError(AssayError):
    """A draft cannot be read or checked."""


class ExportError(AssayError):
    """An answer cannot be exported or verified."""
