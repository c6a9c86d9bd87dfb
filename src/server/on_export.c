/* on_export.c - the points of a span as a CSV or Excel file, made portion by portion on the disk */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seiryu/water.h"
#include "server/channels.h"
#include "server/export.h"
#include "server/handlers.h"

enum { CHANNELS_MAX = 500, POINTS_MAX = 5000000 };

static sei_status find_label(sei_request *req, int64_t id, sei_export_label *ret_label)
{
    json_t    *row = NULL;
    sei_status st  = sei_row(req, "station:t key:t unit:t",
                             "SELECT s.key, c.key, c.unit FROM channel c JOIN station s ON s.id = "
                              "c.station_id WHERE c.id = $1",
                             SEI_BINDS(sei_bind_int(id)), &row);

    if (st == SEI_OK) {
        snprintf(ret_label->station, sizeof ret_label->station, "%s",
                 json_string_value(json_object_get(row, "station")));
        snprintf(ret_label->key, sizeof ret_label->key, "%s",
                 json_string_value(json_object_get(row, "key")));
        snprintf(ret_label->unit, sizeof ret_label->unit, "%s",
                 json_string_value(json_object_get(row, "unit")));
    }
    json_decref(row);
    return st;
}

typedef struct {
    sei_request             *req;
    const sei_export_format *format;
    sei_export              *out;
    sei_export_label         label;
    sei_judge               *judge;
    int64_t                  channel;
    size_t                   n;
} writing;

typedef struct {
    int64_t from, to, corrected, as_of;
    size_t  n;
    int64_t ids[CHANNELS_MAX];
} wish;

static sei_status write_points(void *user, const sei_points *points, bool *ret_stop)
{
    writing             *w          = user;
    const sei_judgement *judgements = NULL;

    *ret_stop = false;
    w->n += points->n;
    if (w->n > POINTS_MAX)
        return sei_fail(w->req->ctx, SEI_E_TOO_LARGE, NULL,
                        "more than %d points: ask for a shorter span or fewer channels",
                        POINTS_MAX);
    const sei_status st = sei_judge_points(w->judge, w->channel, points, &judgements);
    return st == SEI_OK ? w->format->put(w->out, &w->label, points, judgements) : st;
}

static sei_status write_all(writing *w, const wish *of)
{
    sei_status st = sei_judge_create(w->req->store, of->as_of, of->corrected != 0, &w->judge);

    for (size_t i = 0; i < of->n && st == SEI_OK; i++) {
        w->channel = of->ids[i];
        st         = find_label(w->req, w->channel, &w->label);
        if (st == SEI_OK)
            st =
                sei_store_walk(w->req->store, w->channel, of->from, of->to, false, write_points, w);
    }
    sei_judge_free(w->judge);
    return st;
}

/* The file has no name any more when it is sent: nothing is left of it, however the request ends. */
static sei_status hand_over(sei_request *req, const char *path, const sei_export_format *format)
{
    struct stat info;
    const int   fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &info) != 0) {
        if (fd >= 0)
            close(fd);
        return sei_fail(req->ctx, SEI_E_IO, NULL, "cannot read %.200s", path);
    }
    req->has_file     = true;
    req->file         = fd;
    req->n_bytes      = (size_t)info.st_size;
    req->content_type = format->content_type;
    req->file_name    = format->file_name;
    return SEI_OK;
}

static sei_status export_to(sei_request *req, const sei_export_format *format, const char *path,
                            const wish *of)
{
    writing    w  = {.req = req, .format = format};
    sei_status st = format->open(req->ctx, path, of->corrected != 0, &w.out);

    if (st != SEI_OK)
        return st;
    st                       = write_all(&w, of);
    const sei_status written = format->close(w.out);
    st                       = st == SEI_OK ? written : st;
    if (st == SEI_OK)
        st = sei_note_id(req, "export", "site", req->id, NULL);
    return st == SEI_OK ? hand_over(req, path, format) : st;
}

static sei_status find_format(sei_request *req, const sei_export_format **ret_format)
{
    static const sei_export_format *const formats[] = {&sei_export_csv, &sei_export_xlsx};
    const char                           *name      = sei_query(req, "format");

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(name && name[0] ? name : "csv", formats[i]->name) == 0) {
            *ret_format = formats[i];
            return SEI_OK;
        }
    return sei_fail(req->ctx, SEI_E_RANGE, NULL, "format \"%.20s\": csv or xlsx", name);
}

static sei_status read_wish(sei_request *req, wish *of)
{
    sei_status st = sei_query_time(req, "from", true, 0, &of->from);

    if (st == SEI_OK)
        st = sei_query_time(req, "to", true, 0, &of->to);
    if (st == SEI_OK)
        st = sei_query_int(req, "corrected", 0, 0, 1, &of->corrected);
    if (st == SEI_OK)
        st = sei_query_time(req, "as_of", false, INT64_MAX, &of->as_of);
    return st == SEI_OK ? sei_channels_of_query(req, req->id, CHANNELS_MAX, of->ids, &of->n) : st;
}

sei_status sei_on_export_site(sei_request *req)
{
    const sei_export_format *format   = NULL;
    char                     folder[] = "/tmp/seiryu-export-XXXXXX", path[60];
    wish                     of       = {0};
    sei_status               st       = find_format(req, &format);

    if (st == SEI_OK)
        st = read_wish(req, &of);
    if (st != SEI_OK)
        return st;
    if (!mkdtemp(folder))
        return sei_fail(req->ctx, SEI_E_IO, NULL, "cannot make a folder in /tmp");
    snprintf(path, sizeof path, "%s/export", folder);
    st = export_to(req, format, path, &of);
    unlink(path);
    rmdir(folder);
    return st;
}
