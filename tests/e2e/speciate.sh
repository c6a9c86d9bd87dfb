#!/bin/sh
# speciate.sh PROGRAM TREE - seiryu speciate: what it writes, where, and how it ends
set -eu
seiryu=$1
tree=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SEIRYU_DATA="$tree/data" LC_ALL=C.UTF-8

fail() { echo "speciate.sh: $*" >&2; exit 1; }

# run CODE ARGUMENT...: exit code; the streams in $work/out and $work/err
run() {
    code=$1
    shift
    got=0
    "$seiryu" speciate "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$code" ] || fail "$*: exit $got, expected $code: $(cat "$work/err")"
}

cat >"$work/waters.csv" <<'END'
name,pH,charge,Na,Cl,S(6)
good,7,Cl,23,35,
bad,7,Cl,1,35,960
last,7.5,,23,35,
END

# one row a water in the order of the input; the header repeats the words; a failure is told and ends with 4
run 4 --select 'name,pH,SI(Fe(OH)3(a)),m(Na+)' "$work/waters.csv"
[ "$(sed -n 1p "$work/out")" = 'name,pH,SI(Fe(OH)3(a)),m(Na+)' ] || fail "header: $(sed -n 1p "$work/out")"
[ "$(wc -l <"$work/out")" -eq 4 ] || fail "rows: $(cat "$work/out")"
grep -q '^good,7,,0\.00' "$work/out" || fail "first row: $(cat "$work/out")"
[ "$(sed -n 3p "$work/out")" = 'bad,,,' ] || fail "third row: $(cat "$work/out")"
grep -q '^last,7\.5,,0\.00' "$work/out" || fail "last row: $(cat "$work/out")"
grep -q '^seiryu speciate: warning: .*waters.csv:3: bad: speciation did not converge in .* balance of charge is off' \
    "$work/err" || fail "warning: $(cat "$work/err")"
grep -q '^seiryu speciate: waters that did not converge: 1$' "$work/err" || fail "end: $(cat "$work/err")"
[ "$(wc -l <"$work/err")" -eq 2 ] || fail "more than it should say: $(cat "$work/err")"

# a table without a row is no result
echo 'name,pH' >"$work/none.csv"
run 3 "$work/none.csv"
grep -q 'none.csv holds no water: there is no row below the header$' "$work/err" || fail "no row: $(cat "$work/err")"

# other forms, a file, standard input
sed -i /^bad/d "$work/waters.csv"
run 0 -f json -s 'name,pH,SI(Calcite)' "$work/waters.csv"
python3 -c 'import json, sys; rows = json.load(open(sys.argv[1]))
assert [row["name"] for row in rows] == ["good", "last"], rows
assert rows[1]["pH"] == 7.5 and rows[0]["SI(Calcite)"] is None, rows' "$work/out" || fail 'json'
run 0 -f table -s 'name,pH' "$work/waters.csv"
grep -q 'last' "$work/out" || fail "table: $(cat "$work/out")"
run 0 -s 'name,mu' -o "$work/new.csv" "$work/waters.csv"
[ ! -s "$work/out" ] || fail "-o printed: $(cat "$work/out")"
[ "$(wc -l <"$work/new.csv")" -eq 3 ] || fail "-o: $(cat "$work/new.csv")"
"$seiryu" speciate -s pH - <"$work/waters.csv" >"$work/out"
[ "$(wc -l <"$work/out")" -eq 3 ] || fail 'standard input'
run 0 -e 'CO2(g)=-3.4' -s 'SI(CO2(g))' "$work/waters.csv"
[ "$(sed -n 2p "$work/out")" = -3.4 ] || fail "equilibrium: $(cat "$work/out")"

# wrong input
run 3 "$work/nowhere.csv"
run 3 -d "$work/waters.csv" "$work/waters.csv"
grep -q "waters.csv:1: text outside a known block of a thermodynamic database" "$work/err" || fail "$(cat "$work/err")"
run 3 -s 'pH,oops' "$work/waters.csv"
run 2 "$work/waters.csv" extra
echo 'speciate.sh: all good'
