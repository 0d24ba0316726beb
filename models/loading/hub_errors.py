"""Why a model of the Hugging Face hub is not (yet) opened; beside models.errors, in its manner.

Sizes in the details are whole MB (10⁶ bytes): of a refusal what is needed rounded up, what is there
down.
"""

from __future__ import annotations

from models.errors import InputError, UnknownModel


class NoHubId(UnknownModel):
    """Neither a folder nor what an id of the hub looks like; details: ``model``."""


class DownloadOff(UnknownModel):
    """An id of which nothing lies here, where the app may not go online; details: ``model``."""


class NotDownloaded(UnknownModel):
    """An id that may be looked up and downloaded, and was not yet; details: ``model``."""


class NoHubModel(UnknownModel):
    """The hub has no such model, or does not show it; details: ``model``."""


class NoRevision(UnknownModel):
    """The model has no such revision; details: ``model, revision``."""


class NoAccess(InputError):
    """A gated or private model that this app's token does not open; details: ``model``."""


class HubUnreachable(InputError):
    """No network, no answer in time, or something else answers; details: none."""


class HubFails(InputError):
    """The hub answers with an error of its own; details: ``status`` (of HTTP)."""


class TooLarge(InputError):
    """More than is ever downloaded; details: ``model, size, limit``."""


class NoMemory(InputError):
    """More than the free memory, as float32; details: ``model, size, free``."""


class NoRoom(InputError):
    """More than the free disk space; details: ``model, size, free``."""


class NotWritable(InputError):
    """The cache folder takes no files; details: none."""


class Interrupted(InputError):
    """The connection broke off; what came is kept; details: ``model, done, size``."""


class WrongBytes(InputError):
    """A file that is not what the hub's list says, and was deleted; details: ``model, file``."""
