"""Write the pages of registrations that are made from their tables: the picture, the same as text, the reference page.

Run `make pages` to write them, `python tools/make_claim_pages.py --check` to see whether they are as the code says.
The output depends on the code and on the files `tools/claim_*.py` and `tools/sla_*.py` only.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from claim_page import page
from claim_picture import picture
from claim_text import text

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
PAGES: Mapping[str, Callable[[], str]] = {
    "registration-states.svg": picture,
    "registration-states.txt": text,
    "registrations.md": page,
}


def stale() -> dict[str, bytes]:
    """What the pages that differ should be, by name."""
    made = {name: make().encode() for name, make in PAGES.items()}
    return {name: data for name, data in made.items() if not _is(FOLDER / name, data)}


def _is(path: Path, data: bytes) -> bool:
    return path.exists() and path.read_bytes() == data


def main() -> int:
    """Write the pages, or with `--check` report those that differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page differs")
    check = parser.parse_args().check
    found = stale()
    for name, data in found.items():
        print(f"{'differs' if check else 'written'}: {(FOLDER / name).relative_to(ROOT)}")
        if not check:
            (FOLDER / name).write_bytes(data)
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
