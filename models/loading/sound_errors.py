"""What can be wrong with a visitor's sound file, and with a folder that has to read one."""

from __future__ import annotations

from models.errors import InputError, NotCapturable, UnknownModel


class HearsSounds(NotCapturable):
    """A model of sounds that can be opened, where a text is to be read; details: ``family``."""


class NoExtractor(UnknownModel):
    """How a sound becomes the model's numbers is not said, or not for it; details: ``file``."""


class SoundError(InputError):
    """A visitor's sound that cannot be read: one of the kinds below."""


class SoundBytes(SoundError):
    """Refused before anything is read; details: ``size, limit`` (MB)."""

    code = "too_many_bytes"


class NotAWav(SoundError):
    """No WAV by its first bytes, whatever its name; details: ``found``."""


class BrokenWav(SoundError):
    """It begins as a WAV, and a part of it is missing or cut; details: ``part`` (its name)."""


class WrongWav(SoundError):
    """Two numbers of its header contradict each other; details: ``name, value, wanted``."""


class WavCoding(SoundError):
    """Samples coded in a way that is not read here; details: ``coding`` (its number), ``bits``."""


class WavChannels(SoundError):
    """Neither mono nor stereo; details: ``count``."""


class WavRate(SoundError):
    """Samples a second that no microphone has; details: ``rate, least, most`` (Hz)."""


class WavSize(SoundError):
    """Its header tells of more sound than there is; details: ``wanted, there`` (bytes)."""


class NoSamples(SoundError):
    """A header, and no sound behind it; details: none."""


class SoundTooLong(SoundError):
    """Refused from its header alone; details: ``seconds, limit``."""


class SampleNumbers(SoundError):
    """Samples that are NaN, infinite or far beyond full scale; details: ``count, limit``."""
