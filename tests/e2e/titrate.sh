#!/bin/sh
# titrate.sh PROGRAM TREE - seiryu titrate from a table and from a site: files, answers, exit codes
set -eu
seiryu=$1
tree=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SEIRYU_DATA="$tree/data" LC_ALL=C.UTF-8
cd "$work"

fail() { echo "titrate.sh: $*" >&2; exit 1; }

# expect CODE PATTERN ARGUMENT...: exit code, and a line on either stream that matches
expect() {
    code=$1 pattern=$2
    shift 2
    got=0
    "$seiryu" titrate "$@" >out 2>err </dev/null || got=$?
    [ "$got" -eq "$code" ] || fail "$*: exit $got, expected $code: $(cat err)"
    cat out err >both
    grep -q -e "$pattern" both || fail "$*: '$(cat both)' does not match '$pattern'"
}

cat >waters.csv <<END
name,temp,pH,Fe(2),Fe(3),Al,Zn,Cu,Ca,Mg,C(4),S(6)
adit,15,3.5,36,2,3,18,8,40,12,5,300
seep,10,3.0,5,20,10,4,1,60,15,2,400
END

# ---- results
expect 0 '^pH 9: dose, pure ' waters.csv --row adit --open o2 -o lime
for file in titration.csv summary.json figures/titration.svg figures/titration.png figures/titration.csv \
    figures/titration_metals.svg figures/titration_metals.png figures/titration_metals.csv; do
    [ -s "lime/$file" ] || fail "lime/$file was not written"
done
grep -q '"reagent": "Ca(OH)2"' lime/summary.json || fail 'summary.json does not name the reagent'
expect 0 '^dose_mg_l,dose_mmol_l,' waters.csv -r 2 -a NaOH -f csv
expect 0 'による中和: seep' waters.csv -r seep --lang ja
expect 0 '^pH 9: dose, pure ' --site "$tree/examples/jogmec-pilot/site.yaml" --open o2
expect 0 ' kg/d$' --site "$tree/examples/jogmec-pilot/site.yaml" --open o2
expect 0 '^pH 10  *- *is not reached$' waters.csv -r adit -a CaCO3 --to-ph 10 --open co2
expect 0 'must be neutralised again' waters.csv -r adit --open o2 --to-ph 9.5
"$seiryu" titrate waters.csv -r adit -q >out 2>err || fail "-q: $(cat err)"
[ ! -s out ] || fail '-q still prints'

# ---- sorption on the hydroxide that forms: on when the database has Hfo
cat >arsenic.csv <<END
name,temp,pH,Fe(2),As,Ca,S(6)
shaft,15,3.5,60,0.8,40,300
END
sed '/^SURFACE_MASTER_SPECIES/,$d' "$tree/data/thermo/minewater.dat" >bare.dat
expect 0 '^dose that brings As to 0.1 mg/L  *[0-9.]* ' arsenic.csv --open o2 -o arsenic
grep -q '"sorption": "ferric hydroxide' arsenic/summary.json || fail 'summary.json is silent on sorption'
grep -q 'as_sorbed_mg_l' arsenic/titration.csv || fail 'titration.csv has no sorbed arsenic'
expect 0 '^dose that brings As to 0.1 mg/L  *- *is not reached$' arsenic.csv --open o2 --sorption none
expect 0 'has no surface Hfo: nothing is sorbed' arsenic.csv --open o2 -d bare.dat
expect 3 'has no surface Hfo_s and Hfo_w: use another, or --sorption none$' arsenic.csv --open o2 -d bare.dat --sorption hfo
expect 2 'sorption' arsenic.csv --sorption some

# ---- refusals
expect 2 '^seiryu titrate: a table of waters is missing; or give --site SITE.yaml$'
expect 2 '^seiryu titrate: --site and a table of waters exclude each other$' waters.csv --site site.yaml
expect 2 '^seiryu titrate: --open "n2" is none of co2, o2, co2,o2$' waters.csv -r 1 --open n2
expect 2 '^seiryu titrate: --open and --closed exclude each other$' waters.csv -r 1 --open o2 --closed
expect 2 '^seiryu titrate: --to-ph 15 is outside 2..13$' waters.csv -r 1 --to-ph 15
expect 3 'waters.csv has 2 waters; choose one with --row NAME or --row NUMBER$' waters.csv
expect 3 'waters.csv has no water "shaft"; it has 2 rows$' waters.csv -r shaft
expect 3 ' has no mineral "Kryptonite"$' waters.csv -r 1 -m default,Kryptonite
expect 3 '^seiryu titrate: nosuch.csv: cannot open: ' nosuch.csv

echo 'titrate.sh: all passed'
