#!/usr/bin/env python3
"""Every message by which the server refuses something has a code, and every code a Japanese sentence with the same values.

usage: faults.py
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SERVER = ("alarm_rule answer channels corrected credential http judged live notify_check on_alarm on_command on_data on_desk on_export on_quality on_session"
          " on_site on_target on_user on_water operate post qc_setting route rows watch").split()
SOURCES = [f"src/server/{name}.c" for name in SERVER] + ["src/alarm/alarm.c", "src/alarm/rule.c", "src/msg/profile.c", "src/store/read.c"]
SOURCES += [f"src/qc/{name}.c" for name in "attenuated_signal climatology flat_line gross_range qc set spike visit".split()]
INSIDE = ("SEI_E_NOMEM", "SEI_E_IO", "SEI_E_INTERNAL")  # told by their status alone
# of the start of the server, of stored things that are damaged, of series: not of an answer to somebody's request
OTHERS = ("http: address", "cannot listen", "cannot start", "an alarm without a kind", "a stored command", "the token cannot be written", "%s: time_us[",
          "%s: a series without", "an interval needs")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
HOLE = re.compile(r"%[-+ #0-9]*(?:\.(?:\*|\d+))?(?:ll|l|z)?[a-zA-Z]")


def literals(arguments):
    """The texts of a call, those that stand side by side as one."""
    parts, out, end = list(TEXT.finditer(arguments)), [], None
    for m in parts:
        if end is not None and not arguments[end:m.start()].strip():
            out[-1] += m.group(1)
        else:
            out.append(m.group(1))
        end = m.end()
    return out


def calls(source):
    for m in re.finditer(r"\b(sei_fail|sei_refuse|refuse_early|set_error)\s*\(", source):
        depth, at, quoted = 1, m.end(), False
        while depth:
            c = source[at]
            if quoted:
                at += c == "\\"
                quoted = c != '"'
            else:
                quoted = c == '"'
                depth += (c == "(") - (c == ")")
            at += 1
        yield m.group(1), source[m.end():at - 1]


def messages():
    for path in SOURCES:
        for name, arguments in calls((ROOT / path).read_text()):
            if any(word in arguments for word in INSIDE):
                continue
            for text in literals(arguments):
                is_word = name != "sei_fail" and re.fullmatch(r"E_[A-Z_]+", text)
                if text in ("%s", "", " of ", "whole ") or is_word or text.startswith(OTHERS):
                    continue
                if name == "sei_fail" and text != literals(arguments)[0]:
                    continue  # a value
                yield path, text


def main():
    rows = dict()
    for code, rest in re.findall(r"^SEI_FAULT\((\w+),\s*(.*?)\)$", (ROOT / "src/server/fault_list.h").read_text(), re.M | re.S):
        rows[code] = "".join(TEXT.findall(rest))
    sentences = dict(re.findall(r'^  (\w+): "((?:[^"\\]|\\.)*)",$', (ROOT / "web/src/i18n/faults.ts").read_text().split("const FIELDS")[0], re.M))
    faults, used = [], set()
    formats = {text: code for code, text in rows.items()}
    for path, text in messages():
        if text in formats:
            used.add(formats[text])
        else:
            faults.append(f"{path}: no row in fault_list.h for: {text}")
    faults += [f"fault_list.h: {code} is the message of no call" for code in rows.keys() - used - {"body_no_json"}]
    faults += [f"faults.ts: no sentence for {code}" for code in rows.keys() - sentences.keys()]
    faults += [f"faults.ts: {code} is no code" for code in sentences.keys() - rows.keys()]
    if len(formats) != len(rows):
        faults.append("fault_list.h: a message twice")
    for code in rows.keys() & sentences.keys():
        n = len(HOLE.findall(rows[code].replace("%%", "")))
        holes = {int(i) for i in re.findall(r"\{(\d)\}", sentences[code])}
        if holes - set(range(n)):
            faults.append(f"faults.ts: {code} asks for {sorted(holes)} of {n} values")
    for fault in sorted(faults):
        print(fault)
    print(f"{len(rows)} codes, {len(used)} found in {len(SOURCES)} sources")
    return 1 if faults else 0


sys.exit(main())
