#!/bin/sh
# man.sh PROGRAM PAGE - the manual page names every command, option and exit code that the program's help names
# shellcheck disable=SC2013  # words are meant
set -eu
program=$1 page=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() { echo "man.sh: $*" >&2; failed=1; }

"$program" --lang en --help >"$work/help"
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\)  .*/\1/p' "$work/help")
[ -n "$commands" ] || fail "no commands found in the help"
for command in $commands; do
    grep -q "^\.It Cm $command\b" "$page" || fail "the page does not describe $command"
    "$program" --lang en help "$command" >"$work/command"
    for option in $(sed -n '/^Options:/,/^$/s/^  .*--\([a-z0-9-]*\).*/\1/p' "$work/command"); do
        grep -q -e "Fl -$option\b" -e "| -$option\b" "$page" || fail "the page does not name --$option of $command"
    done
done
for code in $(sed -n '/^Exit codes:/,$s/^  \([0-9]*\)  .*/\1/p' "$work/help"); do
    grep -q "^\.It $code\$" "$page" || fail "the page does not name exit code $code"
done
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$page" || fail "mandoc finds faults"
fi
[ "$failed" -eq 0 ] && echo "man.sh: $(echo "$commands" | wc -w) commands agree"
