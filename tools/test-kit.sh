#!/usr/bin/env bash
# Test a plan in a project that has nothing but the wheel: a plan, one golden file, one line of laws, one mistake. The
# mistake must be found, by tests and by a check, and told so that it can be understood; mended, all is green.
#   tools/test-kit.sh BIN WHEEL     BIN holds python and uv, to make the environment with
set -euo pipefail
bin=$(cd "$1" && pwd)
wheel=$2
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$bin/python" -m venv "$work/venv"
"$bin/uv" pip install --quiet --python "$work/venv/bin/python" -c "$root/constraints.txt" "${wheel}[testing,yaml,cli]"
export PATH="$work/venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
unset PYTEST_ADDOPTS PYTEST_PLUGINS PYTHONPATH
mkdir -p "$work/shop/tests"
cd "$work/shop"

# The mistake: Rotterdam was to reach to 3199, and its last postcode is missing.
cat > plan.yaml <<'PLAN'
schema_version: 1
name: benelux-2027
house: office
timezone: Europe/Amsterdam
dealers: [{id: delta}, {id: maas}, {id: office, kind: house}]
territories:
  - {id: rotterdam, dealers: delta, country: NL, postcodes: 3000..3198}
  - {id: south, dealers: maas, country: NL, postcodes: 3200..6999}
precedence:
  - territories: {}
PLAN
cat > tests/benelux.routing.yaml <<'CASES'
plan: ../plan.yaml
at: 2027-01-08T09:00:00Z
cases:
  - name: the port is delta's, to its last postcode
    lead: {country: NL, postcode: "3199", product: press, value: 12000}
    expect: {holder: delta, because: [rotterdam]}
  - name: the south is for maas
    lead: {country: NL, postcode: "5611"}
    expect: {holder: maas}
CASES
cat > tests/test_plan.py <<'TESTS'
from dealerrouting.documents import load_plan
from dealerrouting.testing import laws

test_plan = laws.suite(load_plan("plan.yaml"), max_examples=3)
TESTS

# run STATUS COMMAND...: the command ends with this status; what it said is in ./said
run() {
  local wanted=$1 got=0
  shift
  "$@" > said 2>&1 || got=$?
  if [ "$got" != "$wanted" ]; then
    cat said >&2
    echo "$* ended with $got, not with $wanted" >&2
    exit 1
  fi
}

# says TEXT...: each of these stands in what it said
says() {
  for text in "$@"; do
    grep -qF -- "$text" said || { cat said >&2; echo "nowhere in it: $text" >&2; exit 1; }
  done
}

run 1 pytest
says "holder is office, not delta" "tests/benelux.routing.yaml:4:5" "> holder   delta       office" \
  'lead: {country: NL, postcode: "3199"' "nothing in the plan offers this lead" "Why not delta?" "1 failed"
[ -z "${SHOW:-}" ] || cat said
run 1 dealerrouting check plan.yaml --at 2027-01-01T00:00:00Z
says "DR101 unserved-region" "3199"
[ -z "${SHOW:-}" ] || cat said

cp plan.yaml mistaken.yaml
sed -i.bak 's/3198/3199/' plan.yaml
run 0 pytest
says "passed"
run 0 dealerrouting diff mistaken.yaml plan.yaml --at 2027-01-01T00:00:00Z
says "NL 3199" "delta"
[ -z "${SHOW:-}" ] || cat said
# Only the golden file: laws hold of every plan of closed conditions, so they notice no change of who gets what.
run 1 dealerrouting mutate plan.yaml --tests tests/benelux.routing.yaml --only widen
says "What no test covers" "south" "expect: {"
[ -z "${SHOW:-}" ] || cat said
echo "the kit finds a mistake in a project that has only the wheel"
