#!/bin/sh
# cli.sh PROGRAM TREE - the command line: help, exit codes, messages, listings
set -eu
seiryu=$1
tree=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SEIRYU_DATA="$tree/data" LC_ALL=C.UTF-8
unset NO_COLOR || true
cd "$tree"

fail() { echo "cli.sh: $*" >&2; exit 1; }

# expect CODE PATTERN ARGUMENT...: exit code, and a line on either stream that matches
expect() {
    code=$1 pattern=$2
    shift 2
    got=0
    "$seiryu" "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$code" ] || fail "$*: exit $got, expected $code: $(cat "$work/err")"
    cat "$work/out" "$work/err" >"$work/both"
    grep -q -e "$pattern" "$work/both" || fail "$*: '$(cat "$work/both")' does not match '$pattern'"
}

# ---- help
expect 0 '^seiryu [0-9]*\.[0-9]*\.[0-9]*$' --version
expect 0 '^usage: seiryu ' --help
expect 0 '^usage: seiryu ' help
expect 2 '^usage: seiryu '
[ ! -s "$work/out" ] || fail 'without a command, help belongs on standard error'
expect 0 '^使い方: seiryu ' --lang ja --help
LC_ALL=ja_JP.UTF-8 expect 0 '^使い方: seiryu ' --help
commands=$("$seiryu" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ -n "$commands" ] || fail 'no commands in the help'
for command in $commands; do
    expect 0 "^usage: seiryu $command " help "$command"
    expect 0 "^usage: seiryu $command " "$command" --help
    expect 0 '^  130 ' "$command" -h
    grep -q "^  seiryu $command" "$work/out" || fail "$command: no example in its help"
    expect 0 "^使い方: seiryu $command " "$command" --lang=ja --help
    LC_ALL=C grep -q '[^ -~]' "$work/out" || fail "$command: no Japanese help"
    grep -q ' $' "$work/out" && fail "$command: blanks at the end of a line"
    grep -q "^## .seiryu $command.$" "$tree/docs/cli.md" || fail "$command: no section in docs/cli.md"
    [ -f "$tree/src/cli/cmd_$command.c" ] || fail "$command: no file of its own"
done

# ---- wrong arguments
expect 2 '^seiryu: unknown command "chek"; did you mean "check"?$' chek
expect 2 '^seiryu: unknown command "frobnicate"; seiryu --help lists them$' frobnicate
expect 2 '^seiryu: unknown option "--verbose"; see seiryu --help$' --verbose
expect 2 '^seiryu check: unknown option "--fromat"; did you mean "--format"?$' check --fromat csv
expect 2 '^seiryu check: unknown option "-x"; see seiryu check --help$' check -x
expect 2 '^seiryu check: --format "xml" is none of table, csv, json$' check --format xml a.yaml
expect 2 '^seiryu check: --format needs a value: --format FORMAT$' check a.yaml --format
expect 2 '^seiryu check: --format is given twice$' check --format csv --format=csv a.yaml
expect 2 '^seiryu check: --quiet takes no value$' check --quiet=yes a.yaml
expect 2 '^seiryu check: SITE.yaml ... is missing; usage: seiryu check' check
expect 2 '^seiryu init: "b" is one argument too many; usage: seiryu init' init a b
expect 2 '^seiryu: --lang needs ja, en or both$' --lang de check a.yaml
expect 2 '^seiryu units: unknown type "tonk"; did you mean "tank"?$' units tonk
expect 2 '^seiryu rates: unknown law "fe2-microbal"; did you mean "fe2-microbial"?$' rates fe2-microbal

# ---- check
expect 3 '^tests/data/site: this is a folder: give the name of a file in it$' check tests/data/site
expect 0 '^tests/data/site/full.yaml: sound$' check tests/data/site/full.yaml
expect 0 '問題なし$' check --lang ja tests/data/site/full.yaml
"$seiryu" check -q tests/data/site/full.yaml >"$work/out" 2>&1 || fail 'check -q'
[ ! -s "$work/out" ] || fail "check -q printed: $(cat "$work/out")"
expect 3 '^tests/bad/site/out-of-range.yaml:8: train\[1\].volume_m3 = -2 is outside 0..100000 m³$' \
    check tests/bad/site/out-of-range.yaml
expect 3 '^problems: 3$' check tests/bad/site/many.yaml
expect 3 '^/nowhere.yaml: ' check /nowhere.yaml
expect 3 'E_RANGE' check --format csv tests/bad/site/many.yaml tests/data/site/full.yaml
expect 0 '"rows": \[\]' check --format json -- tests/data/site/full.yaml

# what shows only when the parts meet
sed 's/^train:$/train:\n  - {type: tank, name: a, volume_m3: 1, from: b}\n  - {type: tank, name: b, volume_m3: 1, from: a}/
     s/^    name: iron-bed$/    name: iron-bed\n    from: raw/' \
    data/templates/site.yaml >"$work/circle.yaml"
expect 3 "^$work/circle.yaml:[0-9]*: .*circle" check "$work/circle.yaml"
{ cat data/templates/site.yaml; printf 'uncertainty:\n  parameters:\n    influent.zn_mgl: fixed\n'; } >"$work/uncertain.yaml"
expect 3 "^$work/uncertain.yaml:[0-9]*: uncertainty: nothing in this site is called \"influent.zn_mgl\"" check "$work/uncertain.yaml"
sed 's/husk_fraction: 0.5/husk_fraction: 0.9/' data/templates/site.yaml >"$work/full.yaml"
expect 3 "^$work/full.yaml:[0-9]*: " check "$work/full.yaml"

sed 's/^    depth_m: {value: 1.0.*/&\n    events: [{what: add, date: 2024-06-01, medium: bran, mass_kg: 1}]/' \
    data/templates/site.yaml >"$work/medium.yaml"
expect 3 "^$work/medium.yaml:[0-9]*: unit \"iron-bed\" is no bed for bran$" check "$work/medium.yaml"
sed 's/^    depth_m: {value: 1.0.*/&\n    events: [{what: bypass, date: 2023-06-01, duration_h: 1}]/' \
    data/templates/site.yaml >"$work/past.yaml"
expect 0 "warning: $work/past.yaml:[0-9]*: the event lies outside the run and is left out$" check "$work/past.yaml"
{ cat data/templates/site.yaml; printf 'disturbances:\n  - {kind: storm, date: 2027-01-01}\n'; } >"$work/future.yaml"
expect 0 "warning: $work/future.yaml:[0-9]*: the disturbance lies outside the run and changes nothing$" check "$work/future.yaml"

# ---- init
expect 0 "^$work/mine/site.yaml$" init "$work/mine"
expect 0 ': sound$' check "$work/mine/site.yaml"
expect 2 'is there already; --force replaces it$' init "$work/mine"
expect 0 site.yaml init --force "$work/mine"
expect 5 '^seiryu init: ' init "$work/mine/site.yaml/below"

# ---- listings
expect 0 '^fe2-microbial,' rates --format csv
expect 0 '"law": "sulfate-reduction"' rates --format json
expect 0 '^type,' units -f csv
expect 0 '^dosing_tank,reagent,,required,' units dosing_tank -f csv
expect 0 '^thickener,sludge_to,' units thickener -f csv
expect 0 '^sulfate_reducing_bed layers\[\],depth_m,m,' units sulfate_reducing_bed -f csv
expect 0 '^_l_min,L/min,' units --measures --format csv
expect 2 'takes no type$' units --measures tank
expect 0 'minewater.dat' doctor
SEIRYU_DATA="$work" PATH="$PATH" expect 0 'seiryu' doctor --format csv
if [ -w /dev/full ]; then
    got=0
    "$seiryu" rates >/dev/full 2>"$work/err" || got=$?
    [ "$got" -eq 5 ] || fail "a full disk: exit $got, expected 5"
    grep -q 'cannot write to standard output' "$work/err" || fail 'a full disk: no message'
fi
