#!/usr/bin/env python3
"""Each defence of the server against each attack has a test that fails without it: takes them out one by one, in a copy of the tree, and sees.

usage: defences.py             what is to be taken out is still there, and docs/security/defences.md tells of it
       defences.py FOLDER      copies the tree to FOLDER, builds it, and runs the tests against each (an hour)
       defences.py FOLDER WORD the same for those whose name holds the word
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = "build/defences"
SERVER = f"{BUILD}/bin/seiryud"
BROKER = [SERVER, f"{BUILD}/tests/seiryu-sim", shutil.which("mosquitto", path="/usr/sbin:/usr/bin") or "mosquitto"]
TESTS = {
    "server_security": ["tests/e2e/server_security.py", SERVER], "server_sta": ["tests/e2e/server_sta.py", SERVER], "server_export": ["tests/e2e/server_export.py", SERVER],
    "server_live": ["tests/e2e/server_live.py", SERVER], "server_roles": ["tests/e2e/server_roles.py", SERVER], "server": ["tests/e2e/server.py", *BROKER], "server_desk": ["tests/e2e/desk.py", *BROKER],
    "test_server": [f"{BUILD}/tests/test_server"], "test_command": [f"{BUILD}/tests/test_command"], "test_notify": [f"{BUILD}/tests/test_notify"],
    "test_store": [f"{BUILD}/tests/test_store"],
}
TARGETS = "seiryud seiryu-sim test_server test_command test_notify test_store".split()
S = "src/server/"

# A value that is written into the statement, as it would be without placeholders: of one statement, that is enough.
JOINED = """
    if (strstr(sql, "INSERT INTO site(")) {
        char *out = malloc(100000), *to = out;
        for (const char *c = sql; *c;) {
            if (*c != '$') {
                *to++ = *c++;
                continue;
            }
            const sei_bind *v = &values[strtol(c + 1, (char **)(uintptr_t)&c, 10) - 1];
            to += v->kind == SEI_BIND_TEXT   ? sprintf(to, "'%s'", (const char *)v->bytes)
                  : v->kind == SEI_BIND_INT  ? sprintf(to, "%lld", (long long)v->integer)
                  : v->kind == SEI_BIND_REAL ? sprintf(to, "%g", v->real)
                                             : sprintf(to, "NULL");
        }
        *to = 0;
        sql = out;
        n   = 0;
    }
    sei_status st = prepare(db, sql, &s);
"""
LOGIN = "    if (st == SEI_OK)\n        st = sei_access_open_session(req->store, person_id, req->now_us, text);"
MAKE = "    sei_token_make(ret_text, hash);\n    sei_token_make(csrf, ignored);"
GIVEN = """    sei_token_make(ret_text, hash);
    if (sei_given[0]) {
        snprintf(ret_text, SEI_TOKEN_TEXT_MAX, "%s", sei_given);
        sei_token_hash(ret_text, hash);
        sei_given[0] = 0;
    }
    sei_token_make(csrf, ignored);"""

# name, test, then what stands there and what without the defence would: (file, old, new) ...
DEFENCES = [
    # SQL injection
    ("values are bound, never joined to a statement", "server_security",
     ("src/store/db_sqlite.c", "    sei_status st = prepare(db, sql, &s);\n", JOINED),
     ("src/store/db_sqlite.c", "#include <string.h>", "#include <string.h>\n#include <stdio.h>\n#include <stdlib.h>")),
    ("keys are of a fixed alphabet", "server_security", (S + "rows.c", "f->kind == SEI_FIELD_KEY && !is_key(text)", "0 && !is_key(text)")),
    ("numbers of a query are read to their end", "server_security",
     (S + "channels.c", "if (!sei_parse_int(at, len, &ids[n]) || ids[n] < 1)", "ids[n] = strtoll(at, NULL, 10);\n        if (len > 999 || ids[n] < 1)"),
     (S + "channels.c", '#include "', '#include <stdlib.h>\n#include "')),
    ("times of a query are read to their end", "server_security",
     (S + "answer.c", 'return sei_fail(req->ctx, SEI_E_PARSE, NULL, "%s \\"%.60s\\" is no time", name, text);', "us = strtoll(fixed, NULL, 10);")),
    ("numbers of a path are read to their end", "server_security",
     (S + "route.c", 'const size_t n = strspn(path, "0123456789");', 'const size_t n = strcspn(path, "/");'),
     (S + "route.c", "if (n == 0 || n > 15 || path[0] == '0' || !sei_parse_int(path, n, ret_id))", 'if (n == 0 || !sei_parse_int(path, strspn(path, "0123456789"), ret_id))')),
    ("a filter ends where its grammar ends", "server_security", (S + "sta_parse.c", "st == SEI_OK && *p.at ? fail(&p", "0 ? fail(&p")),
    # path traversal
    ("no part of a path begins with a dot", "server_security", (S + "file_answer.c", '!strstr(path, "/.") &&', "")),
    ("letters of a path", "test_server", (S + "file_answer.c", "strspn(path, allowed) == strlen(path)", "strspn(path, allowed) > 0")),
    ("known endings alone", "server_security", (S + "file_answer.c", "return NULL; /* not served */", 'return "text/plain; charset=utf-8";')),
    ("links lead nowhere outside", "server_security", (S + "file_answer.c", "|| !is_inside(web, path)", "|| (0 && !is_inside(web, path))")),
    # CSRF
    ("a change needs X-CSRF-Token", "server_security", (S + "route.c", "if (!csrf_holds(req))", "if (0 && !csrf_holds(req))")),
    ("X-CSRF-Token is compared to its end", "server_security", (S + "route.c", "strlen(given) == strlen(req->actor.csrf) &&", ""),
     (S + "route.c", "req->actor.csrf, strlen(given)) == 0", "req->actor.csrf, strlen(req->actor.csrf)) == 0")),
    ("bodies that a form can send are refused", "server_security", (S + "http.c", 'if (!type || strncmp(type, "application/json", 16) != 0)', "if (0 && !type)")),
    ("GET changes nothing", "server_security", (S + "route.c", "if (strcmp(routes[i].method, method) == 0)", 'if (strcmp(routes[i].method, method) == 0 || strcmp(method, "GET") == 0)')),
    ("SameSite=Strict", "server_security", (S + "on_session.c", "; SameSite=Strict", "")),
    # sessions
    ("a login makes a new session", "server_security", (S + "on_session.c", LOGIN, '    snprintf(sei_given, sizeof sei_given, "%.63s", req->session);\n' + LOGIN),
     (S + "access.c", MAKE, GIVEN), (S + "access.c", "static const char *const role_names", "char sei_given[SEI_TOKEN_TEXT_MAX];\nstatic const char *const role_names"),
     (S + "access.h", "SEI_CHECKED sei_status sei_access_open_session", "extern char sei_given[SEI_TOKEN_TEXT_MAX];\nSEI_CHECKED sei_status sei_access_open_session")),
    ("logout ends the session", "server_security",
     (S + "on_session.c", "        st = sei_access_close_session(req->store, req->session);\n    if (st == SEI_OK)\n        st = sei_note(req, \"logout\"",
      "        st = SEI_OK;\n    if (st == SEI_OK)\n        st = sei_note(req, \"logout\"")),
    ("a new password ends other sessions", "server_security", (S + "access.c", "person_id = $1 AND hash <> $2", "person_id = $1 AND hash <> $2 AND 0 = 1")),
    ("a session ends after 12 h", "test_server", (S + "access.c", "AND s.until_us > $2 AND", "AND $2 > 0 AND")),
    ("a session ends after 2 h of silence", "test_server", (S + "access.c", '" s.seen_us > $3 AND', '" $3 <> 1 AND')),
    ("a session is not in an address", "server_security",
     (S + "route.c", "    if (!cookie || strlen", '    if (!cookie)\n        cookie = sei_query(req, "seiryu_session");\n    if (!cookie || strlen')),
    ("HttpOnly", "server_security", (S + "on_session.c", "; HttpOnly", "")),
    ("Secure", "server_security", (S + "on_session.c", '? "; Secure" : ""', '? "" : ""')),
    # replayed and forged
    ("a one-time token works once", "server_security", (S + "on_session.c", '" gone_us IS NULL AND until_us > $2"', '" until_us > $2"')),
    ("a code of the second factor works once", "server_security", (S + "on_session.c", "req->now_us, p->totp_step);", "req->now_us, -1);"),
     (S + "on_session.c", "WHERE id = $2 AND totp_step < $3", "WHERE id = $2 AND $3 > 0")),
    ("tokens are counted", "test_command", ("src/command/station.c", "if (t->counter <= station->counter[t->key])", "if (0)")),
    ("tokens are signed", "test_command", ("src/command/frame.c", "is_signed(token_domain, frame, SEI_TOKEN_BODY, verify, public_key);",
                                           "(is_signed(token_domain, frame, SEI_TOKEN_BODY, verify, public_key) || len > 0);")),
    ("tokens are bound to their station", "test_command", ("src/command/station.c", "|| t->station != config->station)", ")")),
    ("tokens are bound to selection and value", "test_command",
     ("src/command/station.c", "return t->nonce != p->nonce || t->value != p->value ?", "return t->nonce == p->nonce + 1 && t->value ?")),
    ("tokens expire", "test_command", ("src/command/station.c", "if (c->now_s >= t->not_after_s)\n        return", "if (0)\n        return")),
    ("selections expire", "test_command", ("src/command/station.c", "SEI_POINT_SELECTED && c->now_s >= p->until_s)", "SEI_POINT_SELECTED && 0)")),
    ("two persons are two keys", "test_command", ("src/command/station.c", "if (same == two_persons)", "if (0)")),
    ("two persons, in the server", "server_desk", (S + "on_command.c", "point.two_persons && is_own)", "0)")),
    ("answers are signed", "test_command", ("src/command/frame.c", "is_signed(answer_domain, frame, SEI_ANSWER_BODY, verify, public_key);",
                                            "(is_signed(answer_domain, frame, SEI_ANSWER_BODY, verify, public_key) || len > 0);")),
    ("answers are signed, in the server", "server_desk", (S + "operate.c", "|| !sei_answer_is_signed(bytes, len, sei_ed25519_verify, key))", ")")),
    # oversized
    ("announced bodies above the limit", "server_security", (S + "http.c", "if (announced && strtoull(announced, NULL, 10) > limit)", "if (0 && announced && limit)")),
    ("bodies that grow above the limit", "server_security", (S + "http.c", "if (req->body_len + *len > body_limit(req->method, req->path))", "if (0)")),
    ("headers above 32 KiB", "server_security", (S + "http.c", "MEMORY_A_CONNECTION    = 32 << 10", "MEMORY_A_CONNECTION    = 4 << 20")),
    ("channels of a query", "server_security", (S + "channels.c", "        if (n >= max)\n            return sei_fail(req->ctx, SEI_E_TOO_LARGE, NULL, \"more than %zu channels\", max);\n", "")),
    ("work of a filter", "server_sta", (S + "sta_many.c", "if (w->work <= STA_WORK_MAX)", "if (1)")),
    # slow, and too many
    ("a request has its time to arrive", "server_security", (S + "http.c", "shutdown(p->fd, SHUT_RDWR);", "(void)p;")),
    ("connections of one address", "server_security", (S + "http.c", "c->http.proxied ? 0 : CONNECTIONS_AN_ADDRESS", "0")),
    ("requests a second", "server_security", (S + "http.c", "if (!sei_rates_take(http->rates, req->client, req->now_us))", "if (0)")),
    ("tries of a password from one address", "server_security", (S + "on_session.c", "!sei_rates_take(req->server->logins, req->client, req->now_us) ||\n        !sei_rates_take(req->server->logins, key,",
                                                                 "!sei_rates_take(req->server->logins, key,")),
    ("tries of a password of one name", "server_security", (S + "on_session.c", "||\n        !sei_rates_take(req->server->logins, key, req->now_us))", "|| !key[0])")),
    ("streams of one person", "server_live", (S + "live.c", "if (streams_of(live, req->actor.person_id) >= SEI_LIVE_STREAMS_A_PERSON)", "if (streams_of(live, req->actor.person_id) >= 100000)")),
    # headers and TLS
    ("Content-Security-Policy", "server_security", (S + "http.c", "\"default-src 'self'; img-src", '"img-src')),
    ("X-Frame-Options", "server_security", (S + "http.c", '{"X-Frame-Options", "DENY"},', "")),
    ("X-Content-Type-Options", "server_security", (S + "http.c", '{"X-Content-Type-Options", "nosniff"},', "")),
    ("Strict-Transport-Security", "server_security", (S + "http.c", "if (c->http.certificate || c->http.behind_tls)", "if (0)")),
    ("TLS 1.2 at least", "server_security", (S + "http.c", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0")),
    # rights
    ("roles of a site", "server_roles", (S + "route.c", "    return sei_actor_may(&req->actor, site, r->role)\n", "    return sei_actor_may(&req->actor, site, SEI_ROLE_VIEWER)\n")),
    ("sites of others are not there", "server_roles", (S + "route.c", "if (!found || (site > 0 && !sei_actor_may(&req->actor, site, SEI_ROLE_VIEWER)))", "if (!found)")),
    ("SensorThings shows one's own sites", "server_sta", (S + "sta_model.c", "!sei_actor_may(&req->actor, sei_db_int(stmt, 1), SEI_ROLE_VIEWER)", "0")),
    ("the audit log is a chain", "test_server", ("src/store/audit.c", "memcmp(bytes, c->hash, len) != 0", "0")),
    ("webhooks go to no private address", "test_notify", (S + "notify_check.c", "if ((a ^ nets[i].net) >> (32 - nets[i].bits) == 0)", "if (0)")),
    ("cells of a file are no formula", "server_export", ("src/water/table_write.c", "    if (formula)\n", "    if (0)\n")),
]


def check_texts():
    """What a full run would take out is there, once for each edit; the page has each with its test."""
    page = (ROOT / "docs/security/defences.md").read_text()
    rows = dict(re.findall(r"^\| ([^|]+?) \| [^|]+ \| `(\w+)`", page, re.M))
    faults = []
    for name, test, *edits in DEFENCES:
        faults += [f"{file}: \"{name}\" is not there any more: {old[:60]}" for file, old, _ in edits if old not in (ROOT / file).read_text()]
        if rows.get(name) != test:
            faults.append(f"defences.md: \"{name}\" is guarded by {test}, the page says {rows.get(name)}")
    faults += [f"defences.md: \"{name}\" is no defence of this list" for name in rows.keys() - {d[0] for d in DEFENCES}]
    print("\n".join(faults) or f"{len(DEFENCES)} defences, each with its test")
    return 1 if faults else 0


def run(tree, *command, seconds=600):
    try:
        return subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", "too long")


def build(tree):
    return run(tree, "cmake", "--build", BUILD, "--target", *TARGETS, seconds=3600)


def without(tree, edits):
    """Takes a defence out; gives what stood there."""
    kept = {}
    for file, old, new in edits:
        text = (tree / file).read_text()
        kept.setdefault(file, text)
        (tree / file).write_text(text.replace(old, new, 1))
    return kept


def take_out(tree, word):
    shutil.copytree(ROOT, tree, dirs_exist_ok=True, ignore=shutil.ignore_patterns("build", ".git", "node_modules"))
    made = run(tree, "cmake", "--preset", "dev", "-B", BUILD, "-DCMAKE_C_FLAGS=-Wno-error", seconds=300)
    if made.returncode or build(tree).returncode:
        print(made.stderr[-2000:] or "the tree does not build")
        return 1
    unproven = 0
    for name, test, *edits in DEFENCES:
        if word not in name:
            continue
        kept = without(tree, edits)
        fails = build(tree).returncode == 0 and run(tree, *TESTS[test]).returncode != 0
        for file, text in kept.items():
            (tree / file).write_text(text)
        unproven += not fails
        print(f"{'fails without it' if fails else 'NOT PROVEN'}: {test}: {name}", flush=True)
    return 1 if unproven else 0


sys.exit(check_texts() if len(sys.argv) == 1 else take_out(pathlib.Path(sys.argv[1]), "".join(sys.argv[2:3])))
