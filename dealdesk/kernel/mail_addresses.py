"""What a mail address looks like."""

import re

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[^@\s<>\",;:()\\]+@[^@\s<>\",;:()\\]+\.[^@\s<>\",;:()\\.]+")


def is_mail_address(text: str) -> bool:
    """Tell whether a text has the form of a mail address; whether it is somebody's is not known."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text.strip()) is not None
