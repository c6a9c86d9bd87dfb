/* file_answer.c - static files from one folder, nothing outside of it */
#define _XOPEN_SOURCE 700 /* realpath */
#include "server/file_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { FILE_BYTES_MAX = 32 << 20 };

bool sei_file_path_is_plain(const char *path)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";

    return path[0] == '/' && strspn(path, allowed) == strlen(path) && !strstr(path, "/.") &&
           !strstr(path, "//") && strlen(path) < 500;
}

static const char *type_of(const char *path)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".geojson", "application/geo+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
    };
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    return NULL; /* not served */
}

/* Where a link leads counts, not where it stands. */
static bool is_inside(const char *web, const char *path)
{
    char        *root = realpath(web, NULL), *to = realpath(path, NULL);
    const size_t n      = root ? strlen(root) : 0;
    const bool   inside = n > 0 && to && strncmp(root, to, n) == 0 && to[n] == '/';

    free(root);
    free(to);
    return inside;
}

sei_status sei_answer_file(sei_request *req)
{
    const char *web = req->server->config.http.web, *last = strrchr(req->path, '/');
    char        path[1500];
    char       *text = NULL;
    size_t      len  = 0;

    if (!web || !sei_file_path_is_plain(req->path))
        return sei_refuse(req, 404, "not found");
    const bool page = !strchr(last, '.');
    const int  n    = snprintf(path, sizeof path, "%s%s", web, page ? "/index.html" : req->path);
    if (n < 0 || n >= (int)sizeof path || !type_of(path) || !is_inside(web, path))
        return sei_refuse(req, 404, "not found");
    if (sei_file_read(req->ctx, path, FILE_BYTES_MAX, &text, &len) != SEI_OK)
        return sei_refuse(req, 404, "not found");
    char *bytes = malloc(len + 1);
    if (bytes)
        memcpy(bytes, text, len + 1);
    sei_release(req->ctx, text);
    if (!bytes)
        return sei_fail(req->ctx, SEI_E_NOMEM, NULL, "out of memory");
    req->cache =
        strncmp(req->path, "/assets/", 8) == 0; /* the bundler puts a hash into these names */
    sei_answer_bytes(req, bytes, len, type_of(path));
    return SEI_OK;
}
