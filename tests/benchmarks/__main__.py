"""bin/bench: lists the measurements, or runs one of them."""

import sys

from tests.benchmarks import boards, importing, reading, searching, sending, sheets

MEASUREMENTS = {
    "sending": sending,
    "boards": boards,
    "import": importing,
    "reading": reading,
    "search": searching,
    "sheets": sheets,
}


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] in MEASUREMENTS:
        MEASUREMENTS[arguments[0]].main(arguments[1:])
        return 0
    for name, module in MEASUREMENTS.items():
        print(f"bin/bench {name:<10} {module.__doc__.splitlines()[0]}")  # noqa: T201
    return 2 if arguments and not arguments[0].startswith("-") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
