"""Why a file is refused whole."""


class UnusableFile(ValueError):
    """The file is refused; the message says why and what to do, in Japanese."""


class EmptyFile(UnusableFile):
    """Nothing is in it."""


class TooLarge(UnusableFile):
    """More bytes, pages or entries than the site takes, packed or unpacked."""


class TooSmall(UnusableFile):
    """A picture on which nothing can be seen."""


class WrongKind(UnusableFile):
    """A kind that is not taken, or a content that its name does not tell."""


class DamagedFile(UnusableFile):
    """It cannot be read: damaged, or cut off."""


class NeedsPassword(UnusableFile):
    """Only a password opens it."""


class HoldsPrograms(UnusableFile):
    """Macros, programs, or definitions that grow when they are read."""


class NotExamined(UnusableFile):
    """Looking into it did not end well within the limits."""
