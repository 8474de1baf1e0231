"""How large the tests' world is: enough to see every rule at work; the whole prefecture with WHOLE=1 (minutes more)."""

import os

WHOLE = os.environ.get("WHOLE") == "1"
RECIPIENTS = 2900 if WHOLE else 73
DISTRICTS = 24 if WHOLE else 4
# Pixels of the screens on which a page is looked at: most goes wrong on the narrowest.
WIDTHS = (320, 1440) if WHOLE else (320,)
