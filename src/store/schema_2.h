/* schema_2.h - step 2 of the schema: alarms and whom they tell, quality control, downlinks */
#ifndef SEI_STORE_SCHEMA_2_H
#define SEI_STORE_SCHEMA_2_H

/* clang-format off */
/* state: sei_alarm_state_write; stand, breached and due_us are in it too, and stand here to be looked for. version is
 * written first in each transaction that changes the row, so that two of them cannot pass each other. */
#define SEI_SCHEMA_2 \
    "CREATE TABLE target(id INTEGER PRIMARY KEY, site_id INTEGER NOT NULL REFERENCES site(id)," \
    " kind TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, lang TEXT NOT NULL," \
    " active INTEGER NOT NULL, made_us INTEGER NOT NULL) STRICT;", \
    "CREATE TABLE alarm(id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL REFERENCES channel(id)," \
    " name TEXT NOT NULL, name_ja TEXT NOT NULL, kind TEXT NOT NULL, priority INTEGER NOT NULL," \
    " active INTEGER NOT NULL, storm INTEGER NOT NULL, rule TEXT NOT NULL, state TEXT NOT NULL, stand TEXT NOT NULL," \
    " breached INTEGER NOT NULL, due_us INTEGER NOT NULL, version INTEGER NOT NULL," \
    " made_us INTEGER NOT NULL) STRICT;", \
    "CREATE INDEX alarm_channel ON alarm(channel_id);", \
    "CREATE INDEX alarm_due ON alarm(due_us) WHERE active = 1;", \
    "CREATE TABLE alarm_event(id INTEGER PRIMARY KEY, alarm_id INTEGER NOT NULL REFERENCES alarm(id)," \
    " time_us INTEGER NOT NULL, kind TEXT NOT NULL, action TEXT NOT NULL, from_stand TEXT NOT NULL," \
    " to_stand TEXT NOT NULL, silent INTEGER NOT NULL, step INTEGER NOT NULL, value REAL," \
    " actor TEXT NOT NULL, note TEXT NOT NULL, made_us INTEGER NOT NULL) STRICT;", \
    "CREATE INDEX alarm_event_alarm ON alarm_event(alarm_id, id);", \
    /* what is to be told, and whether it was */ \
    "CREATE TABLE outbox(id INTEGER PRIMARY KEY, target_id INTEGER NOT NULL REFERENCES target(id)," \
    " event_id INTEGER NOT NULL REFERENCES alarm_event(id), made_us INTEGER NOT NULL," \
    " next_us INTEGER NOT NULL, tries INTEGER NOT NULL, done_us INTEGER, error TEXT NOT NULL) STRICT;", \
    "CREATE INDEX outbox_open ON outbox(next_us) WHERE done_us IS NULL;", \
    "CREATE TABLE storm(station_id INTEGER NOT NULL PRIMARY KEY REFERENCES station(id)," \
    " interval_s INTEGER NOT NULL, hold_s INTEGER NOT NULL, is_on INTEGER NOT NULL," \
    " has_seen INTEGER NOT NULL, seen_us INTEGER NOT NULL, told_us INTEGER NOT NULL) STRICT;", \
    "CREATE TABLE qc_setting(channel_id INTEGER NOT NULL PRIMARY KEY REFERENCES channel(id)," \
    " tests TEXT NOT NULL, author TEXT NOT NULL, made_us INTEGER NOT NULL) STRICT;", \
    /* records of these times came since the tests were run over them */ \
    "CREATE TABLE qc_due(channel_id INTEGER NOT NULL PRIMARY KEY REFERENCES channel(id)," \
    " from_us INTEGER NOT NULL, to_us INTEGER NOT NULL) STRICT;", \
    "CREATE TABLE downlink(id INTEGER PRIMARY KEY, station_id INTEGER NOT NULL REFERENCES station(id)," \
    " port INTEGER NOT NULL, payload BLOB NOT NULL, made_us INTEGER NOT NULL," \
    " expires_us INTEGER NOT NULL, next_us INTEGER NOT NULL, sent_us INTEGER, done_us INTEGER) STRICT;", \
    "CREATE INDEX downlink_open ON downlink(next_us) WHERE done_us IS NULL;"
/* clang-format on */

#define SEI_GUARDS_2(GUARD)                                                           \
    GUARD("event_keep", "alarm_event", "UPDATE", "TRUE",                              \
          "what happened to an alarm is never changed")                               \
    GUARD("event_stay", "alarm_event", "DELETE", "TRUE",                              \
          "what happened to an alarm is never deleted")                               \
    GUARD("downlink_keep", "downlink", "UPDATE OF station_id, port, payload", "TRUE", \
          "what was sent to a station is never changed")

#endif
