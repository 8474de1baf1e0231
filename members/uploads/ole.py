"""The older container of Office files (MS-CFB): .xls, .doc, .ppt, and whatever Office locks with a password.

Its list of contents is never packed, so that names can be looked for in the bytes.
"""

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def has_macros(content: bytes) -> bool:
    """Whether it holds a project of Visual Basic (MS-OVBA 2.3.4.1)."""
    return _named("_VBA_PROJECT") in content


def is_encrypted(content: bytes) -> bool:
    """Whether it is a document that a password locks (MS-OFFCRYPTO 2.3)."""
    return _named("EncryptedPackage") in content


def _named(name: str) -> bytes:
    return name.encode("utf-16-le")
