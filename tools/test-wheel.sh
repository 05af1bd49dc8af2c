#!/usr/bin/env bash
# Build the wheel, install it into a clean environment away from the sources, and use it there:
# the demo, the pure tests, and a project of its own that tests a plan. What only works because the sources are near fails here.
set -euo pipefail
bin=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$bin/python" -m build --quiet --installer uv --outdir "$work/dist" "$root"
"$root/tools/test-kit.sh" "$bin" "$(ls "$work"/dist/*.whl)"

"$bin/python" -m venv "$work/venv"
"$bin/uv" pip install --quiet --python "$work/venv/bin/python" -c "$root/constraints.txt" \
  "$(ls "$work"/dist/*.whl)[all]" --group "$root/pyproject.toml:test"

mkdir "$work/elsewhere"
cp -r "$root/tests" "$root/pyproject.toml" "$work/elsewhere/"
cd "$work/elsewhere"
where=$("$work/venv/bin/python" -c 'import dealerrouting; print(dealerrouting.__file__)')
case "$where" in "$work"/venv/*) ;; *) echo "the wheel is not what was imported: $where" >&2; exit 1 ;; esac

"$work/venv/bin/dealerrouting" demo | tail -n 5
"$work/venv/bin/python" -m pytest -q -n auto -p no:cacheprovider -m "pure and not slow and not long" --hypothesis-profile=quick tests
