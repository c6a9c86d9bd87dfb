#!/bin/sh
# tutorial.sh PROGRAM TREE - the numbers that docs/tutorial.md and docs/ja/tutorial.md print are the program's
set -eu
seiryu=$1
tree=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SEIRYU_DATA="$tree/data" LC_ALL=C.UTF-8
cd "$work"

fail() { echo "tutorial.sh: $*" >&2; exit 1; }

# has TEXT: both pages hold it
has() {
    for page in tutorial.md ja/tutorial.md; do
        grep -q -F -e "$1" "$tree/docs/$page" || fail "docs/$page does not hold '$1': $(cat table)"
    done
}

"$seiryu" init my-mine >table
"$seiryu" simulate --lang en my-mine/site.yaml -o result >table 2>err || fail "simulate: $(cat err)"
has "| pH | $(awk '$1 == "pH" {print $3 " | " $4}' table) |"
has "| $(awk '$1 == "Zn" && $2 == "total" {print $4 " | " $5 " | " $6}' table) |"
has "| $(awk '$1 == "Cu" && $2 == "total" {print $4 " | " $5}' table) |"

# the scenarios of the page, as they are printed there
sed -n '/^```yaml$/,/^```$/p' "$tree/docs/tutorial.md" |
    sed -n '/^site: /,/^```$/p' | grep -v '^```$' >cases.yaml
"$seiryu" scenarios --lang en cases.yaml -o cases >table 2>err || fail "scenarios: $(cat err)"
for page in tutorial.md ja/tutorial.md; do
    row=$(grep -F '| ≤ 2 | ' "$tree/docs/$page" | tail -n 1 | sed 's/.*≤ 2//; s/[^0-9.| ]//g; s/  *//g')
    got=$(awk '$1 == "Zn" {print "|" $(NF - 2) "|" $(NF - 1) "|" $NF "|"}' table)
    [ "$row" = "$got" ] || fail "docs/$page prints $row, the program $got"
done
