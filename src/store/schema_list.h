/*
 * schema_list.h - the steps of the schema in order: tables in SQLite's words, which the PostgreSQL driver
 * translates (schema.c), and what keeps rows as they are
 *
 * GUARD(name, table, event, condition, text): event "UPDATE", "UPDATE OF a, b" or "DELETE" on a row of
 * table is refused with text while condition (on OLD, NEW) holds; both databases get it from this one line.
 */
#ifndef SEI_STORE_SCHEMA_LIST_H
#define SEI_STORE_SCHEMA_LIST_H

/* ---- 1: sites, frames, points, layers, users, audit, books */

#define SEI_SCHEMA_1                                                                                                                                          \
    "CREATE TABLE site(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"                                                                 \
    " name_ja TEXT NOT NULL, latitude REAL, longitude REAL, note TEXT NOT NULL,"                                                                              \
    " made_us INTEGER NOT NULL) STRICT;",                                                                                                                     \
        "CREATE TABLE station(id INTEGER PRIMARY KEY, site_id INTEGER NOT NULL REFERENCES "                                                                   \
        "site(id),"                                                                                                                                           \
        " key TEXT NOT NULL, name TEXT NOT NULL, name_ja TEXT NOT NULL, latitude REAL, longitude "                                                            \
        "REAL,"                                                                                                                                               \
        " transport TEXT NOT NULL, address TEXT NOT NULL, interval_s INTEGER NOT NULL,"                                                                       \
        " active INTEGER NOT NULL, profiles TEXT NOT NULL, made_us INTEGER NOT NULL,"                                                                         \
        " UNIQUE(site_id, key)) STRICT;",                                                                                                                     \
        "CREATE UNIQUE INDEX station_address ON station(transport, address) WHERE address <> '';",                                                            \
        "CREATE TABLE channel(id INTEGER PRIMARY KEY, station_id INTEGER NOT NULL"                                                                            \
        " REFERENCES station(id), key TEXT NOT NULL, name TEXT NOT NULL, name_ja TEXT NOT NULL,"                                                              \
        " quantity TEXT NOT NULL, unit TEXT NOT NULL, decimals INTEGER NOT NULL, low REAL, high "                                                             \
        "REAL,"                                                                                                                                               \
        " made_us INTEGER NOT NULL, UNIQUE(station_id, key)) STRICT;", /* state: sei_frame_state */                                                           \
        "CREATE TABLE frame(id INTEGER PRIMARY KEY, received_us INTEGER NOT NULL,"                                                                            \
        " source TEXT NOT NULL, format TEXT NOT NULL, station_id INTEGER, payload BLOB NOT NULL,"                                                             \
        " state INTEGER NOT NULL, tries INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;",                                                                     \
        "CREATE INDEX frame_open ON frame(id) WHERE state <> 1;",                                                                                             \
        "CREATE INDEX frame_station ON frame(station_id, id);", /* numbers received, as ranges without gaps inside */                                         \
        "CREATE TABLE received(station_id INTEGER NOT NULL, epoch INTEGER NOT NULL,"                                                                          \
        " first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,"                                                                                             \
        " PRIMARY KEY(station_id, epoch, first_seq)) STRICT, WITHOUT ROWID;", /* newest points; older ones are packed into segments */                        \
        "CREATE TABLE point(channel_id INTEGER NOT NULL, time_us INTEGER NOT NULL,"                                                                           \
        " epoch INTEGER NOT NULL, seq INTEGER NOT NULL, value REAL NOT NULL, kind INTEGER NOT "                                                               \
        "NULL,"                                                                                                                                               \
        " PRIMARY KEY(channel_id, time_us, epoch, seq)) STRICT, WITHOUT ROWID;",                                                                              \
        "CREATE TABLE segment(id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL,"                                                                           \
        " start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, n INTEGER NOT NULL,"                                                                            \
        " data BLOB NOT NULL) STRICT;",                                                                                                                       \
        "CREATE INDEX segment_time ON segment(channel_id, end_us, start_us);", /* sealed points only, by day; n counts values and limits of quantification */ \
        "CREATE TABLE rollup(channel_id INTEGER NOT NULL, day_us INTEGER NOT NULL,"                                                                           \
        " n INTEGER NOT NULL, v_min REAL NOT NULL, v_max REAL NOT NULL, v_sum REAL NOT NULL,"                                                                 \
        " PRIMARY KEY(channel_id, day_us)) STRICT, WITHOUT ROWID;", /* what may be deleted: retention, entered with who and why */                            \
        "CREATE TABLE purge(id INTEGER PRIMARY KEY, what TEXT NOT NULL, channel_id INTEGER,"                                                                  \
        " before_us INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,"                                                                            \
        " made_us INTEGER NOT NULL) STRICT;",                                                                                                                 \
        "CREATE TABLE layer(id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL"                                                                              \
        " REFERENCES channel(id), kind TEXT NOT NULL, start_us INTEGER NOT NULL,"                                                                             \
        " end_us INTEGER NOT NULL, code TEXT NOT NULL, level INTEGER NOT NULL, params TEXT NOT "                                                              \
        "NULL,"                                                                                                                                               \
        " author TEXT NOT NULL, reason TEXT NOT NULL, made_us INTEGER NOT NULL,"                                                                              \
        " undoes INTEGER UNIQUE REFERENCES layer(id)) STRICT;",                                                                                               \
        "CREATE INDEX layer_time ON layer(channel_id, end_us, start_us);",                                                                                    \
        "CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"                                                                              \
        " full_name TEXT NOT NULL, lang TEXT NOT NULL, active INTEGER NOT NULL, password TEXT,"                                                               \
        " totp BLOB, totp_on INTEGER NOT NULL, totp_step INTEGER NOT NULL, made_us INTEGER NOT "                                                              \
        "NULL,"                                                                                                                                               \
        " last_login_us INTEGER) STRICT;", /* site_id 0: every site */                                                                                        \
        "CREATE TABLE access(person_id INTEGER NOT NULL REFERENCES person(id),"                                                                               \
        " site_id INTEGER NOT NULL, role INTEGER NOT NULL,"                                                                                                   \
        " PRIMARY KEY(person_id, site_id)) STRICT, WITHOUT ROWID;",                                                                                           \
        "CREATE TABLE session(hash BLOB PRIMARY KEY, person_id INTEGER NOT NULL"                                                                              \
        " REFERENCES person(id), csrf TEXT NOT NULL, made_us INTEGER NOT NULL,"                                                                               \
        " seen_us INTEGER NOT NULL, until_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;",                                                                       \
        "CREATE TABLE token(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, person_id INTEGER"                                                             \
        " REFERENCES person(id), purpose TEXT NOT NULL, name TEXT NOT NULL, role INTEGER NOT "                                                                \
        "NULL,"                                                                                                                                               \
        " made_us INTEGER NOT NULL, until_us INTEGER NOT NULL, used_us INTEGER, gone_us INTEGER) "                                                            \
        "STRICT;",                                                                                                                                            \
        "CREATE TABLE audit(id INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, actor TEXT NOT "                                                                \
        "NULL,"                                                                                                                                               \
        " action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL, hash BLOB NOT NULL) "                                                             \
        "STRICT;",                                                                                                                                            \
        "CREATE TABLE lab_result(id INTEGER PRIMARY KEY, site_id INTEGER NOT NULL REFERENCES "                                                                \
        "site(id),"                                                                                                                                           \
        " station_id INTEGER REFERENCES station(id), sampled_us INTEGER NOT NULL,"                                                                            \
        " quantity TEXT NOT NULL, fraction TEXT NOT NULL, value REAL NOT NULL,"                                                                               \
        " below_loq INTEGER NOT NULL, unit TEXT NOT NULL, method TEXT NOT NULL,"                                                                              \
        " laboratory TEXT NOT NULL, note TEXT NOT NULL, replaces INTEGER UNIQUE"                                                                              \
        " REFERENCES lab_result(id), author TEXT NOT NULL, made_us INTEGER NOT NULL) STRICT;",                                                                \
        "CREATE INDEX lab_result_site ON lab_result(site_id, sampled_us);",                                                                                   \
        "CREATE TABLE log_entry(id INTEGER PRIMARY KEY, site_id INTEGER NOT NULL REFERENCES "                                                                 \
        "site(id),"                                                                                                                                           \
        " station_id INTEGER REFERENCES station(id), at_us INTEGER NOT NULL, kind TEXT NOT NULL,"                                                             \
        " text TEXT NOT NULL, cost_yen INTEGER, hours REAL, replaces INTEGER UNIQUE"                                                                          \
        " REFERENCES log_entry(id), author TEXT NOT NULL, made_us INTEGER NOT NULL) STRICT;",                                                                 \
        "CREATE INDEX log_entry_site ON log_entry(site_id, at_us);"
#define SEI_GUARDS_1(GUARD)                                                                       \
    GUARD("point_keep", "point", "UPDATE", "TRUE", "raw points are never changed")                \
    GUARD("point_stay", "point", "DELETE",                                                        \
          "NOT EXISTS(SELECT 1 FROM segment s WHERE s.channel_id = OLD.channel_id AND"            \
          " s.end_us >= OLD.time_us AND s.start_us <= OLD.time_us)",                              \
          "raw points leave only into a segment")                                                 \
    GUARD("segment_keep", "segment", "UPDATE", "TRUE", "segments are never changed")              \
    GUARD(                                                                                        \
        "segment_stay", "segment", "DELETE",                                                      \
        "NOT EXISTS(SELECT 1 FROM purge p WHERE p.what = 'points' AND"                            \
        " p.before_us > OLD.end_us AND (p.channel_id IS NULL OR p.channel_id = OLD.channel_id))", \
        "segments leave only by a purge")                                                         \
    GUARD("frame_keep", "frame", "UPDATE OF received_us, source, format, payload", "TRUE",        \
          "raw frames are never changed")                                                         \
    GUARD("frame_stay", "frame", "DELETE",                                                        \
          "OLD.state <> 1 OR NOT EXISTS(SELECT 1 FROM purge p WHERE p.what = 'frames' AND"        \
          " p.before_us > OLD.received_us)",                                                      \
          "raw frames leave only decoded and by a purge")                                         \
    GUARD("purge_keep", "purge", "UPDATE", "TRUE", "purges are never changed")                    \
    GUARD("purge_stay", "purge", "DELETE", "TRUE", "purges are never deleted")                    \
    GUARD("layer_keep", "layer", "UPDATE", "TRUE", "layers are never changed: undo them")         \
    GUARD("layer_stay", "layer", "DELETE", "TRUE", "layers are never deleted: undo them")         \
    GUARD("audit_keep", "audit", "UPDATE", "TRUE", "the audit log is never changed")              \
    GUARD("audit_stay", "audit", "DELETE", "TRUE", "the audit log is never deleted")              \
    GUARD("lab_keep", "lab_result", "UPDATE", "TRUE", "results are never changed: replace them")  \
    GUARD("lab_stay", "lab_result", "DELETE", "TRUE", "results are never deleted: replace them")  \
    GUARD("log_keep", "log_entry", "UPDATE", "TRUE", "entries are never changed: replace them")   \
    GUARD("log_stay", "log_entry", "DELETE", "TRUE", "entries are never deleted: replace them")

#endif
