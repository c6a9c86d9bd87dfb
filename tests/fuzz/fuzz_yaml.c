/* fuzz_yaml.c - any bytes through sei_yaml_parse and sei_site_parse */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "seiryu/study.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every node must say where it stands and lie where its parent counts it. */
static void walk(const sei_yaml *node, int depth)
{
    size_t n = 0;

    if (node->line == 0 || node->column == 0 || depth > SEI_YAML_DEPTH_MAX)
        abort();
    if (node->kind == SEI_YAML_SCALAR && strlen(node->text) != node->len)
        abort();
    for (const sei_yaml *child = node->first; child; child = child->next, n++) {
        if (child->parent != node || (child->key != NULL) != (node->kind == SEI_YAML_MAP))
            abort();
        walk(child, depth + 1);
    }
    if (n != node->n)
        abort();
}

/* A file that names other files would leave this process. */
static int names_a_file(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 4 <= size; i++)
        if (memcmp(data + i, "file", 4) == 0 || memcmp(data + i, "data", 4) == 0 || data[i] == '\\')
            return 1;
    return 0;
}

static void count(void *user, sei_status status, const sei_where *where, const char *text)
{
    size_t *n = user;

    if (status == SEI_OK || !where->file || text[0] == '\0')
        abort();
    (*n)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_ctx        *ctx  = sei_ctx_create(NULL);
    const sei_yaml *root = NULL;
    sei_site       *site = NULL;
    sei_arena       arena;
    size_t          n = 0;

    if (!ctx)
        return 0;
    sei_arena_init(&arena, ctx);
    if (sei_yaml_parse(ctx, "fuzz.yaml", (const char *)data, size, &arena, &root) == SEI_OK)
        walk(root, 0);
    else if (sei_ctx_error(ctx)[0] == '\0')
        abort();
    sei_arena_done(&arena);
    if (root && !names_a_file(data, size)) {
        const sei_status st = sei_site_parse(ctx, "fuzz.yaml", "/nowhere", (const char *)data, size,
                                             count, &n, &site);
        if ((st == SEI_OK) != (n == 0) || (st == SEI_OK) != (site != NULL))
            abort();
    }
    sei_site_free(site);
    sei_ctx_free(ctx);
    return 0;
}
