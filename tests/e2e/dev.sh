#!/bin/sh
# dev.sh TREE - ./dev refuses in one clear line what it cannot do, and its help names what it can
set -eu
unset DEV_NO_SETUP # the machine that the test makes up decides
dev=$1/dev
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "dev.sh: $*" >&2; exit 1; }

# expect CODE PATTERN COMMAND...: exit code, and one line on stderr that matches the pattern
expect() {
    code=$1 pattern=$2
    shift 2
    got=0
    "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$code" ] || fail "$*: exit $got, expected $code: $(cat "$work/err")"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$*: not one line: $(cat "$work/err")"
    grep -q "$pattern" "$work/err" || fail "$*: '$(cat "$work/err")' does not match '$pattern'"
}

# a machine with nothing but the named tools; the tree's own copy keeps build/ out of the way
bare() {
    mkdir -p "$work/bin" "$work/tree/tools"
    for tool in sh dirname sed tr grep tail cat mkdir env head; do
        ln -sf "$(command -v "$tool")" "$work/bin/$tool"
    done
    printf '#!/bin/sh\nexit 0\n' >"$work/bin/iconv"
    chmod +x "$work/bin/iconv"
    cp "$dev" "$work/tree/dev"
    cp "${dev%/dev}/tools/packages.txt" "$work/tree/tools/"
}

# a stand-in for a tool: its name, then the script's body
stand_in() { printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1" && chmod +x "$work/bin/$1"; }

for verb in setup build run test serve validate bench fuzz format lint install clean; do
    "$dev" --help | grep -q "^  $verb " || fail "--help does not name $verb"
    grep -q "^verb_$verb()" "$dev" || fail "$verb is named but not there"
done
expect 2 "no verb 'simulate'" "$dev" simulate
expect 1 "cannot read .*/no/site.yaml" "$dev" run no/site.yaml
expect 1 "no report.html" "$dev" serve "$work"

bare
expect 1 "no dpkg-query here" env PATH="$work/bin" "$work/tree/dev" setup

stand_in dpkg-query 'exit 1'
stand_in apt-get 'echo "E: Unable to locate package libcsv-dev"; exit 100'
stand_in id 'echo 1000'
expect 1 "neither root nor sudo.*apt-get install gcc" env PATH="$work/bin" "$work/tree/dev" setup

stand_in sudo 'echo "sudo: a password is required" >&2; exit 1'
env PATH="$work/bin" "$work/tree/dev" setup 2>&1 | tail -n 1 | grep -q "apt-get failed.*sudo: a password is required" ||
    fail "a refusing sudo is not named"

stand_in id 'echo 0'
env PATH="$work/bin" "$work/tree/dev" setup 2>&1 | tail -n 1 | grep -q "apt-get failed.*Unable to locate package libcsv-dev" ||
    fail "a missing package is not named"

# nothing to install: apt-get is not called
stand_in dpkg-query 'printf installed'
env PATH="$work/bin" "$work/tree/dev" setup || fail "setup with everything installed"
echo "dev.sh: passed"
