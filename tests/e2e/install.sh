#!/bin/sh
# install.sh BUILD CMAKE CC - an installed copy works away from its build, and a program builds against it
set -eu
build=$1 cmake=$2 cc=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$cmake" --install "$build" --prefix "$work/copy" >"$work/log" || { cat "$work/log"; exit 1; }
mv "$work/copy" "$work/moved" # it must find its data wherever it stands

cd "$work"
"$work/moved/bin/seiryu" --version
"$work/moved/bin/seiryu" doctor >"$work/doctor"
grep -q "$work/moved/bin/../share/seiryu/thermo/minewater.dat" "$work/doctor" || { cat "$work/doctor"; exit 1; }

cat >"$work/use.c" <<'C'
#include <seiryu/ctx.h>
#include <seiryu/units.h>
#include <seiryu/version.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    sei_ctx        *ctx  = sei_ctx_create(NULL);
    const sei_unit *unit = sei_unit_find("l_min");
    const int       good = ctx && unit && sei_to_si(unit, 60000.0) == 1.0 &&
                     strcmp(sei_status_name(SEI_E_RANGE), "E_RANGE") == 0;

    sei_ctx_free(ctx);
    printf("libseiryu %s: %s\n", SEI_VERSION, good ? "usable" : "broken");
    return !good;
}
C
pc=$(find "$work/moved" -name seiryu.pc)
flags() { PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --define-prefix "$@" seiryu; }
# shellcheck disable=SC2046  # words are meant to split
"$cc" -std=c17 -Wall -Werror -o use use.c $(flags --cflags) $(flags --libs)
./use
