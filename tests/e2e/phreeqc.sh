#!/bin/sh
# phreeqc.sh PROGRAM TREE - seiryu phreeqc: what it writes, where, and how it ends
set -eu
seiryu=$1 tree=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "phreeqc.sh: $*" >&2; exit 1; }

# run WANTED-EXIT-CODE ARGUMENTS...
run() {
    want=$1; shift; got=0
    "$seiryu" phreeqc --lang en "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$want" ] || fail "exit code $got, not $want: $* ($(cat "$work/err"))"
}

cat >"$work/model.pqi" <<'INPUT'
SOLUTION 1
 units mg/L
 pH 6.8
 Ca 40
 C(4) 61 as HCO3 charge
EQUILIBRIUM_PHASES 1
 Calcite 0 1
SELECTED_OUTPUT 1
 -file calcite.sel
 -reset false
 -state true
 -pH true
 -si Calcite
END
INPUT

# the shipped database; the file that the input names, in the folder that is asked for
run 0 "$work/model.pqi" -o "$work/results"
grep -q "results/calcite.sel: 2 rows$" "$work/out" || fail "no word of the file: $(cat "$work/out")"
[ "$(wc -l <"$work/results/calcite.sel")" -eq 3 ] || fail "calcite.sel: $(cat "$work/results/calcite.sel")"
grep -q '^       react	 *[678]\.[0-9]*	 *-\{0,1\}0\.0000	$' "$work/results/calcite.sel" ||
    fail "no saturation in $(cat "$work/results/calcite.sel")"

# what DUMP writes: beside the other files, and read again
sed 's/^END$/DUMP\n -all\nEND/' "$work/model.pqi" >"$work/dumping.pqi"
run 0 "$work/dumping.pqi" -o "$work/dumps"
grep -q "dumps/dump.out: DUMP$" "$work/out" || fail "no word of the dump: $(cat "$work/out")"
run 0 "$work/dumps/dump.out"

# to standard output
run 0 "$work/model.pqi" -f csv
[ "$(head -1 "$work/out")" = "state,pH,si_Calcite" ] || fail "csv: $(cat "$work/out")"
run 0 "$work/model.pqi" --format json
grep -q '^{"selected_output": 1, "columns": \["state", "pH", "si_Calcite"\], "rows": \[$' "$work/out" || fail "json: $(cat "$work/out")"
run 0 "$work/model.pqi" --format phreeqc
cmp -s "$work/out" "$work/results/calcite.sel" || fail "the file and standard output differ"

# several at once: each into a folder of its name, as if it were alone, told in their order; one that is wrong does not stop the others
mkdir "$work/cases"
for i in 1 2 3 4 5 6; do sed "s/pH 6.8/pH 6.$i/" "$work/model.pqi" >"$work/cases/m$i.pqi"; done
echo 'NONSENSE 1' >"$work/cases/m4.pqi"
run 3 "$work"/cases/m?.pqi -o "$work/many" --threads 3
for i in 1 2 3 5 6; do
    run 0 "$work/cases/m$i.pqi" -o "$work/alone"
    cmp -s "$work/alone/calcite.sel" "$work/many/m$i/calcite.sel" || fail "m$i differs among several"
done
run 3 "$work"/cases/m?.pqi -o "$work/many" --threads 2
[ "$(sed 's/.*many.\(m[0-9]\).*/\1/' "$work/out" | tr '\n' ' ')" = 'm1 m2 m3 m5 m6 ' ] || fail "order: $(cat "$work/out")"
grep -q 'm4.pqi:1: .*NONSENSE' "$work/err" || fail "m4: $(cat "$work/err")"
[ ! -e "$work/many/m4" ] || fail 'm4 left a folder'
cp "$work/model.pqi" "$work/cases/model.pqi"
run 2 "$work/model.pqi" "$work/cases/model.pqi" -o "$work/same"
grep -q 'would write into the same folder model; run them apart' "$work/err" || fail "same names: $(cat "$work/err")"
run 2 "$work/cases/m1.pqi" "$work/cases/m2.pqi" -f csv
grep -q -e '--format is for one input' "$work/err" || fail "formats of several: $(cat "$work/err")"

# Ctrl-C: what was finished is written, and the exit code says that it is not all
cat >"$work/long.pqi" <<'INPUT'
SOLUTION 0
 Na 2
SOLUTION 1-5
 Na 1
END
SELECTED_OUTPUT
 -reset false
 -totals Na
TRANSPORT
 -cells 5
 -shifts 10000000
 -punch_frequency 100
INPUT
rows=0
for seconds in 1 4 15 40; do # a busy machine may not have punched enough rows after one
    got=0
    timeout --preserve-status -s INT $seconds "$seiryu" phreeqc --lang en "$work/long.pqi" -o "$work/stopped" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ -e "$work/stopped/selected_output_1.sel" ] && rows=$(wc -l <"$work/stopped/selected_output_1.sel")
    [ "$rows" -gt 5 ] && break
done
[ "$got" -eq 130 ] || fail "stopped: exit code $got ($(cat "$work/err"))"
grep -q 'long.pqi:[0-9]*: simulation 2: stopped on request' "$work/err" || fail "stopped: $(cat "$work/err")"
[ "$rows" -gt 5 ] || fail 'no rows of the stopped run'

# a column by either scheme: the same rows, other numbers
cat >"$work/column.pqi" <<'INPUT'
SOLUTION 0
 Na 2
SOLUTION 1-5
 Na 1
END
SELECTED_OUTPUT
 -reset false
 -totals Na
TRANSPORT
 -cells 5
 -shifts 3
 -time_step 60
 -lengths 0.1
 -dispersivities 0.1
END
INPUT
run 0 "$work/column.pqi" -f csv
mv "$work/out" "$work/split.csv"
run 0 "$work/column.pqi" -f csv --scheme implicit
[ "$(wc -l <"$work/out")" -eq "$(wc -l <"$work/split.csv")" ] || fail "rows of the schemes: $(cat "$work/out")"
! cmp -s "$work/out" "$work/split.csv" || fail "both schemes give the same"
run 2 "$work/column.pqi" -f csv --scheme explicit

# what programs print goes to standard output, or aside when a table goes there; curves become a table of their own
{ cat <<'INPUT'; cat "$work/model.pqi"; } >"$work/words.pqi"
USER_PRINT
10 PRINT "pH is", PAD(STR_F$(-LA("H+"), 0, 2), 6)
USER_GRAPH 1
 -headings SI calcium "second axis"
 -initial_solutions true
 10 GRAPH_X SI("Calcite")
 20 GRAPH_Y TOT("Ca") * 1e3
 30 PLOT_XY 1, 2, color = Red
INPUT
run 0 "$work/words.pqi" -o "$work/words"
[ "$(grep -c '^pH is ' "$work/out")" -eq 2 ] || fail "USER_PRINT: $(cat "$work/out")"
[ "$(head -1 "$work/words/user_graph_1.csv")" = 'SI,calcium,"SI (""second)","""second"' ] ||
    fail "headings of the graph: $(cat "$work/words/user_graph_1.csv")"
grep -q '^0,[0-9.]*,1,2$\|^-\{0,1\}[0-9.e-]*,[0-9.]*,1,2$' "$work/words/user_graph_1.csv" || fail "curves: $(cat "$work/words/user_graph_1.csv")"
[ "$(wc -l <"$work/words/user_graph_1.csv")" -eq 3 ] || fail "rows of the graph"
run 0 "$work/words.pqi" -f csv
[ "$(head -1 "$work/out")" = "state,pH,si_Calcite" ] || fail "csv beside print: $(cat "$work/out")"
[ "$(grep -c '^pH is ' "$work/err")" -eq 2 ] || fail "USER_PRINT beside csv: $(cat "$work/err")"
{ printf 'PRINT\n -user_print false\n'; cat "$work/words.pqi"; } >"$work/silent.pqi"
run 0 "$work/silent.pqi" -f csv
! grep -q '^pH is ' "$work/err" || fail "PRINT -user_print false"

# models of INVERSE_MODELING: a report, numbers as a table where none is asked for, PHREEQC's columns where one is
cat >"$work/made.pqi" <<'INPUT'
SOLUTION 1
 Ca 0.5
 Na 0.2
 C(4) 1
 Cl 0.2
 S(6) 0.1 charge
REACTION 1
 Gypsum 1
 Calcite 0.4
 1 mmol
SAVE solution 2
END
INVERSE_MODELING 1 made by hand
 -solutions 1 2
 -uncertainty 0.02
 -phases
  Gypsum
  Calcite
  CO2(g)
END
INPUT
run 0 "$work/made.pqi"
grep -q '^INVERSE_MODELING 1: models 2, minimal 1  made by hand$' "$work/out" || fail "models: $(cat "$work/out")"
grep -q '^  Gypsum  *1.000e-03  dissolves ' "$work/out" || fail "gypsum: $(cat "$work/out")"
"$seiryu" phreeqc --lang ja "$work/made.pqi" >"$work/out" 2>"$work/err"
grep -q '^  Calcite  *4.000e-04  溶解 ' "$work/out" || fail "calcite in Japanese: $(cat "$work/out")"
run 0 "$work/made.pqi" -f csv
[ "$(head -1 "$work/out" | cut -d, -f1-4,10)" = "Sum_resid,Sum_Delta/U,MaxFracErr,Soln_1,Gypsum" ] || fail "csv of models: $(cat "$work/out")"
grep -q '^INVERSE_MODELING 1:' "$work/err" || fail "report beside csv: $(cat "$work/err")"
{ printf 'SELECTED_OUTPUT\n -file m.sel\n -reset false\n'; cat "$work/made.pqi"; } >"$work/asked.pqi"
run 0 "$work/asked.pqi" -o "$work/models"
grep -q '^      Sum_resid	    Sum_Delta/U	     MaxFracErr	         Soln_1	' "$work/models/m.sel" || fail "m.sel: $(cat "$work/models/m.sel")"

# a DATABASE line counts from the folder of the input
cp "$tree/data/thermo/minewater.dat" "$work/mine.dat"
{ echo 'DATABASE mine.dat'; cat "$work/model.pqi"; } >"$work/with.pqi"
(cd / && "$seiryu" phreeqc -f phreeqc "$work/with.pqi") >"$work/out"
cmp -s "$work/out" "$work/results/calcite.sel" || fail "DATABASE line"

# what is not all is told, and what was done before is written
{ cat "$work/model.pqi"; echo 'USE solution 7'; echo 'REACTION'; echo ' NaCl'; echo END; } >"$work/half.pqi"
run 3 "$work/half.pqi" -f csv
grep -q "half.pqi:15: simulation 2: solution 7 is used but not defined" "$work/err" || fail "err: $(cat "$work/err")"
[ "$(wc -l <"$work/out")" -eq 3 ] || fail "rows before the failure: $(cat "$work/out")"
printf 'SOLUTION 1\nISOTOPES\nH\n -total_is_major\n' >"$work/major.pqi"
run 0 "$work/major.pqi"
grep -q "warning: $work/major.pqi:4: ISOTOPES: -total_is_major has no effect: the total of an element" "$work/err" || fail "err: $(cat "$work/err")"
printf 'SOLUTION 1\nSURFACE\n Hfo_w 1e-3 600 1\n -equil 1\n -donnan_factors 1\n' >"$work/refused.pqi"
run 3 "$work/refused.pqi"
grep -q "refused.pqi:5: SURFACE: option -donnan_factors is not supported yet" "$work/err" || fail "err: $(cat "$work/err")"
printf 'SOLUTION 1\nDUMP\n' >"$work/dump.pqi"
run 0 "$work/dump.pqi"
grep -q "warning: $work/dump.pqi:2: DUMP names nothing to write" "$work/err" || fail "err: $(cat "$work/err")"
printf 'SOLUTION 1\n' >"$work/bare.pqi"
run 0 "$work/bare.pqi"
grep -q "warning: the input has no SELECTED_OUTPUT: nothing is written" "$work/err" || fail "err: $(cat "$work/err")"
run 2
run 3 "$work/none.pqi"
run 3 "$work/model.pqi" -d "$work/none.dat"
echo 'phreeqc.sh: all good'
