/* message.c - events in words */
#include "server/message.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seiryu/alarm.h"
#include "seiryu/units.h"

static void take_text(sei_stmt *stmt, int column, char *out, size_t size)
{
    snprintf(out, size, "%s", sei_db_text(stmt, column));
}

/* The Japanese name where it is wanted and there is one. */
static void take_name(sei_stmt *stmt, int column, const char *lang, char out[201])
{
    const bool ja = strcmp(lang, "ja") == 0 && sei_db_text(stmt, column + 1)[0];

    take_text(stmt, column + (ja ? 1 : 0), out, 201);
}

static void take_row(sei_stmt *stmt, int64_t id, sei_message *m)
{
    *m = (sei_message){.id        = id,
                       .target_id = sei_db_int(stmt, 0),
                       .tries     = sei_db_int(stmt, 1),
                       .event_id  = sei_db_int(stmt, 2),
                       .time_us   = sei_db_int(stmt, 3),
                       .priority  = sei_db_int(stmt, 4),
                       .has_value = !sei_db_is_null(stmt, 5),
                       .value     = sei_db_real(stmt, 5)};
    take_text(stmt, 6, m->kind, sizeof m->kind);
    take_text(stmt, 7, m->address, sizeof m->address);
    take_text(stmt, 8, m->lang, sizeof m->lang);
    take_text(stmt, 9, m->alarm_kind, sizeof m->alarm_kind);
    take_text(stmt, 10, m->event, sizeof m->event);
    take_text(stmt, 11, m->action, sizeof m->action);
    take_text(stmt, 12, m->stand, sizeof m->stand);
    take_text(stmt, 13, m->site_key, sizeof m->site_key);
    take_text(stmt, 14, m->station_key, sizeof m->station_key);
    take_text(stmt, 15, m->channel_key, sizeof m->channel_key);
    const sei_unit *unit = sei_unit_find(sei_db_text(stmt, 16));
    snprintf(m->unit, sizeof m->unit, "%s", unit ? unit->symbol : "");
    take_name(stmt, 17, m->lang, m->alarm);
    take_name(stmt, 19, m->lang, m->channel);
    take_name(stmt, 21, m->lang, m->station);
    take_name(stmt, 23, m->lang, m->site);
    if (!m->channel[0])
        snprintf(m->channel, sizeof m->channel, "%s", m->channel_key);
}

sei_status sei_message_read(sei_store *store, int64_t outbox_id, sei_message *ret_message)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          sei_store_db(store),
          "SELECT o.target_id, o.tries, e.id, e.time_us, a.priority, e.value, t.kind, t.address, "
            "t.lang,"
            " a.kind, e.kind, e.action, e.to_stand, i.key, s.key, c.key, c.unit, a.name, a.name_ja,"
            " c.name, c.name_ja, s.name, s.name_ja, i.name, i.name_ja FROM outbox o JOIN target t ON"
            " t.id = o.target_id JOIN alarm_event e ON e.id = o.event_id JOIN alarm a ON a.id ="
            " e.alarm_id JOIN channel c ON c.id = a.channel_id JOIN station s ON s.id = c.station_id"
            " JOIN site i ON i.id = s.site_id WHERE o.id = $1",
          SEI_BINDS(sei_bind_int(outbox_id)), &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row)
        take_row(stmt, outbox_id, ret_message);
    sei_db_finish(stmt);
    return st == SEI_OK && !row ? sei_fail(sei_store_ctx(store), SEI_E_NOT_FOUND, NULL,
                                           "no entry %lld in the outbox", (long long)outbox_id)
                                : st;
}

/* ---- words ---------------------------------------------------------------------------------------------- */

static const char *verb(const sei_message *m, bool ja)
{
    if (strcmp(m->event, "escalate") == 0)
        return ja ? "未確認のまま" : "still unacknowledged";
    if (strcmp(m->action, "activate") == 0)
        return ja ? "発生" : "raised";
    return ja ? "復帰" : "over";
}

static void put_words(const sei_message *m, sei_buf *text)
{
    const bool            ja   = strcmp(m->lang, "ja") == 0;
    const sei_alarm_kind *kind = sei_alarm_kind_find(m->alarm_kind);
    char                  time[SEI_TIME_MAX];

    sei_format_time(time, m->time_us, SEI_JST_OFFSET);
    sei_buf_printf(text,
                   ja ? "警報「%s」%s（優先度%lld）\n\n" : "Alarm \"%s\" %s (priority %lld)\n\n",
                   m->alarm, verb(m, ja), (long long)m->priority);
    sei_buf_printf(text, "%s / %s / %s\n", m->site, m->station, m->channel);
    if (kind)
        sei_buf_printf(text, ja ? "種類: %s\n" : "Kind: %s\n", ja ? kind->title_ja : kind->title);
    if (m->has_value) {
        sei_buf_puts(text, ja ? "値: " : "Value: ");
        sei_buf_number(text, m->value, 6);
        sei_buf_printf(text, " %s\n", m->unit);
    }
    sei_buf_printf(text, ja ? "時刻: %s\n" : "Time: %s\n", time);
    sei_buf_puts(text, ja ? "\n確認はダッシュボードの「警報」で行ってください。\n"
                          : "\nAcknowledge it on the dashboard's page \"Alarms\".\n");
}

/* ---- mail ----------------------------------------------------------------------------------------------- */

static void put_base64(sei_buf *text, const char *bytes, size_t len)
{
    const size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
    char        *out  = malloc(size);

    if (out) {
        sodium_bin2base64(out, size, (const unsigned char *)bytes, len,
                          sodium_base64_VARIANT_ORIGINAL);
        sei_buf_puts(text, out);
    } else {
        text->status = SEI_E_NOMEM;
    }
    free(out);
}

/* Encoded words of RFC 2047, of at most 39 bytes each and never through a character. */
static void put_subject(sei_buf *text, const char *subject)
{
    size_t       at  = 0;
    const size_t len = strlen(subject);

    sei_buf_puts(text, "Subject:");
    while (at < len) {
        size_t n = len - at < 39 ? len - at : 39;
        while (at + n < len && n > 1 && ((unsigned char)subject[at + n] & 0xc0) == 0x80)
            n--;
        sei_buf_puts(text, at ? "\r\n =?UTF-8?B?" : " =?UTF-8?B?");
        put_base64(text, subject + at, n);
        sei_buf_puts(text, "?=");
        at += n;
    }
    sei_buf_puts(text, "\r\n");
}

static void put_date(sei_buf *text, int64_t time_us)
{
    static const char days[]   = "ThuFriSatSunMonTueWed",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const sei_civil c          = sei_time_to_civil(time_us, SEI_JST_OFFSET);
    const int64_t   day        = (time_us + SEI_JST_OFFSET) / SEI_US_PER_DAY;

    sei_buf_printf(text, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0900\r\n", days + 3 * (day % 7),
                   c.day, months + 3 * (c.month - 1), c.year, c.hour, c.minute, c.second);
}

static void put_body(sei_buf *text, const sei_buf *words)
{
    for (size_t at = 0; at < words->len; at += 57) { /* 76 characters a line */
        put_base64(text, words->text + at, words->len - at < 57 ? words->len - at : 57);
        sei_buf_puts(text, "\r\n");
    }
}

void sei_message_mail(const sei_message *m, const char *from, sei_buf *text)
{
    const bool ja = strcmp(m->lang, "ja") == 0;
    char       subject[700];
    sei_buf    words;

    sei_buf_init(&words, text->ctx, 1 << 14);
    put_words(m, &words);
    snprintf(subject, sizeof subject, ja ? "[清流] 警報%s: %s %s" : "[Seiryu] Alarm %s: %s %s",
             verb(m, ja), m->site, m->alarm);
    sei_buf_printf(text, "From: <%s>\r\nTo: <%s>\r\n", from, m->address);
    put_subject(text, subject);
    put_date(text, m->time_us > 0 ? m->time_us : 0);
    sei_buf_printf(text, "Message-ID: <seiryu-%lld-%lld@seiryu.invalid>\r\n",
                   (long long)m->event_id, (long long)m->id);
    sei_buf_puts(text,
                 "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
    put_body(text, &words);
    if (words.status != SEI_OK)
        text->status = words.status;
    sei_buf_done(&words);
}

void sei_message_json(const sei_message *m, sei_buf *text)
{
    json_t *json = json_pack(
        "{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:o, s:s}", "event",
        (json_int_t)m->event_id, "time_us", (json_int_t)m->time_us, "site", m->site_key, "station",
        m->station_key, "channel", m->channel_key, "alarm", m->alarm, "kind", m->alarm_kind,
        "priority", (json_int_t)m->priority, "what", m->event, "action", m->action, "state",
        m->stand, "value", m->has_value ? json_real(m->value) : json_null(), "unit", m->unit);
    char *bytes = json ? json_dumps(json, JSON_COMPACT) : NULL;

    if (bytes)
        sei_buf_puts(text, bytes);
    else
        text->status = SEI_E_NOMEM;
    free(bytes);
    json_decref(json);
}
