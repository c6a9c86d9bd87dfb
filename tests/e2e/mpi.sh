#!/bin/sh
# mpi.sh SERIAL_PROGRAM MPI_PROGRAM: an ensemble on one, two and three ranks gives the files that threads give
set -eu
program=$1
parallel=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
# a machine for tests may be root's and have fewer processors than ranks; ranks find each other by shared memory
ranks() { n=$1; shift; mpirun --allow-run-as-root --oversubscribe --mca btl self,vader --mca plm_rsh_agent false -n "$n" "$@"; }

cat >"$work/tank.yaml" <<'YAML'
site: {name: Tank}
influent: {flow_l_min: 60, temp_c: 10, ph: 4, zn_mg_l: 2, cd_mg_l: 0.05, so4_mg_l: 50}
climate: {air_temperature_c: 10}
train:
  - {type: tank, name: tank, volume_m3: 3}
run: {start: 2024-04-01, duration_d: 2, output_interval_h: 12}
YAML

"$program" simulate -q "$work/tank.yaml" -o "$work/threads" --ensemble 7 --seed 5 --threads 2
for n in 1 2 3; do
    ranks $n "$parallel" simulate -q "$work/tank.yaml" -o "$work/ranks-$n" --ensemble 7 --seed 5 >"$work/out-$n" ||
        fail "$n ranks: exit code $?"
    diff -r "$work/threads" "$work/ranks-$n" || fail "$n ranks give other files"
done
[ "$(ls "$work/ranks-3/ensemble/members" | wc -l)" = 7 ] || fail "not seven members"

# where the first run fails, nothing is left of an ensemble without members
for n in 1 2; do
    mkdir "$work/failed-$n"
    touch "$work/failed-$n/figures"
    if ranks $n "$parallel" simulate -q "$work/tank.yaml" -o "$work/failed-$n" --ensemble 7 2>"$work/err"; then
        fail "$n ranks: a file in the place of the figures passed"
    fi
    grep -q figures "$work/err" || fail "$n ranks: the message does not name the file"
    [ ! -d "$work/failed-$n/ensemble" ] || [ -n "$(find "$work/failed-$n/ensemble" -type f)" ] ||
        fail "$n ranks: an empty folder stays"
done

# a mistake is told by every rank's exit, and nobody waits for ever
if ranks 2 "$parallel" simulate -q "$work/none.yaml" -o "$work/none" --ensemble 2 2>"$work/err"; then
    fail "a site that is not there passed"
fi
grep -q none.yaml "$work/err" || fail "the message does not name the file"
echo "ensembles on ranks: ok"
