/* schema_3.h - step 3 of the schema: remote operation */
#ifndef SEI_STORE_SCHEMA_3_H
#define SEI_STORE_SCHEMA_3_H

/* clang-format off */
#define SEI_SCHEMA_3 \
    /* address: how tokens name the station; answer_key: by which it signs */ \
    "CREATE TABLE command_station(station_id INTEGER NOT NULL PRIMARY KEY REFERENCES station(id)," \
    " address INTEGER NOT NULL UNIQUE, answer_key BLOB NOT NULL, made_us INTEGER NOT NULL) STRICT;", \
    /* secret: sealed with the server's key; counter: the next one that no token has */ \
    "CREATE TABLE issuer_key(id INTEGER PRIMARY KEY, station_id INTEGER NOT NULL REFERENCES station(id)," \
    " number INTEGER NOT NULL, public_key BLOB NOT NULL, secret BLOB NOT NULL," \
    " counter INTEGER NOT NULL, UNIQUE(station_id, number)) STRICT;", \
    /* values in steps of 10^-decimals of the unit; position: as the newest signed answer has it */ \
    "CREATE TABLE command_point(id INTEGER PRIMARY KEY, station_id INTEGER NOT NULL REFERENCES station(id)," \
    " point INTEGER NOT NULL, name TEXT NOT NULL, name_ja TEXT NOT NULL, unit TEXT NOT NULL," \
    " decimals INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, tolerance INTEGER NOT NULL," \
    " validity_s INTEGER NOT NULL, two_persons INTEGER NOT NULL, remote INTEGER NOT NULL," \
    " position INTEGER, proven INTEGER NOT NULL, heard_s INTEGER NOT NULL, life INTEGER NOT NULL," \
    " heard_us INTEGER, made_us INTEGER NOT NULL, UNIQUE(station_id, point)) STRICT;", \
    "CREATE TABLE command(id INTEGER PRIMARY KEY, point_id INTEGER NOT NULL REFERENCES command_point(id)," \
    " stand TEXT NOT NULL, state TEXT NOT NULL, value INTEGER NOT NULL, reason TEXT NOT NULL," \
    " selected_by TEXT NOT NULL, operated_by TEXT NOT NULL, cause INTEGER NOT NULL, downlink_id INTEGER," \
    " made_us INTEGER NOT NULL, until_us INTEGER NOT NULL, ended_us INTEGER) STRICT;", \
    "CREATE INDEX command_point_id ON command(point_id, id);", \
    "CREATE INDEX command_open ON command(until_us) WHERE ended_us IS NULL;", \
    "CREATE TABLE command_event(id INTEGER PRIMARY KEY, command_id INTEGER NOT NULL REFERENCES command(id)," \
    " time_us INTEGER NOT NULL, what TEXT NOT NULL, stand TEXT NOT NULL, cause INTEGER NOT NULL," \
    " actor TEXT NOT NULL) STRICT;", \
    "CREATE INDEX command_event_command ON command_event(command_id, id);"
/* clang-format on */

#define SEI_GUARDS_3(GUARD)                                                                   \
    GUARD("command_event_keep", "command_event", "UPDATE", "TRUE",                            \
          "what happened to a command is never changed")                                      \
    GUARD("command_event_stay", "command_event", "DELETE", "TRUE",                            \
          "what happened to a command is never deleted")                                      \
    GUARD("command_stay", "command", "DELETE", "TRUE", "commands are never deleted")          \
    GUARD("issuer_key_stay", "issuer_key", "UPDATE OF counter", "NEW.counter <= OLD.counter", \
          "a counter of tokens never goes back")

#endif
