/* cmd_doctor.c - seiryu doctor: what this machine has of what the program needs */
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <jansson.h>
#include <locale.h>
#include <pango/pango.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "base/file.h"
#include "cli/cli.h"
#include "seiryu/kin.h"
#include "seiryu/plant.h"
#include "seiryu/version.h"
#include "seiryu/water.h"

typedef enum { FINE, POOR, BROKEN } health;

typedef struct {
    sei_cli    *cli;
    sei_rtable *table;
    health      worst;
} doctor;

static void put(doctor *d, health is, sei_label what, const char *found)
{
    static const sei_label words[] = {{"正常", "ok"}, {"注意", "poor"}, {"異常", "broken"}};

    sei_rtable_add_row(d->table);
    sei_rtable_add_text(d->table, words[is]);
    sei_rtable_add_text(d->table, what);
    sei_rtable_add_text(d->table, (sei_label){found, found});
    if (is > d->worst)
        d->worst = is;
}

static void check_versions(doctor *d)
{
    char text[200];

    put(d, FINE, (sei_label){"プログラム", "program"}, "seiryu " SEI_VERSION);
    snprintf(text, sizeof text, "libyaml %s, jansson %s, libsodium %s, cairo %s, pango %s",
             yaml_get_version_string(), jansson_version_str(), sodium_version_string(),
             cairo_version_string(), pango_version_string());
    put(d, FINE, (sei_label){"ライブラリ", "libraries"}, text);
    snprintf(text, sizeof text, "%zu unit types, %zu rate laws, %zu quantities",
             sei_unit_type_count(), sei_rate_count(), sei_quantity_count());
    put(d, FINE, (sei_label){"収録内容", "catalogues"}, text);
}

static void check_data(doctor *d)
{
    static const char *const files[] = {"thermo/minewater.dat", "limits/effluent.csv",
                                        "headers/ja.csv", "templates/site.yaml"};

    for (size_t i = 0; i < SEI_COUNT(files); i++) {
        char *path = NULL;
        if (sei_data_path(d->cli->ctx, files[i], &path) == SEI_OK)
            put(d, FINE, (sei_label){"データ", "data"}, path);
        else
            put(d, BROKEN, (sei_label){"データ", "data"}, sei_ctx_error(d->cli->ctx));
        sei_release(d->cli->ctx, path);
    }
}

/* Families that hold Japanese, as the figures will find them. */
static void check_fonts(doctor *d)
{
    FcPattern   *pattern = FcNameParse((const FcChar8 *)":lang=ja");
    FcObjectSet *objects = FcObjectSetBuild(FC_FAMILY, (char *)NULL);
    FcFontSet   *fonts   = pattern && objects ? FcFontList(NULL, pattern, objects) : NULL;
    char         text[200];

    if (fonts && fonts->nfont > 0) {
        FcChar8 *family = NULL;
        FcPatternGetString(fonts->fonts[0], FC_FAMILY, 0, &family);
        snprintf(text, sizeof text, "%.120s (%d with Japanese)",
                 family ? (const char *)family : "?", fonts->nfont);
        put(d, FINE, (sei_label){"和文フォント", "Japanese font"}, text);
    } else {
        put(d, POOR, (sei_label){"和文フォント", "Japanese font"},
            "none; install fonts-ipaexfont-gothic or fonts-noto-cjk");
    }
    if (fonts)
        FcFontSetDestroy(fonts);
    if (objects)
        FcObjectSetDestroy(objects);
    if (pattern)
        FcPatternDestroy(pattern);
    FcFini(); /* nothing draws after this */
}

static void check_temp(doctor *d)
{
    const char *folder = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): only read */
    char        name[1000], text[1100];

    if (!folder || !folder[0])
        folder = "/tmp";
    snprintf(name, sizeof name, "%.900s/seiryu-doctor-XXXXXX", folder);
    const int fd = mkstemp(name);
    if (fd < 0) {
        snprintf(text, sizeof text, "%.900s cannot be written", folder);
        put(d, BROKEN, (sei_label){"一時フォルダ", "temporary folder"}, text);
        return;
    }
    close(fd);
    unlink(name);
    put(d, FINE, (sei_label){"一時フォルダ", "temporary folder"}, folder);
}

static void check_locale(doctor *d)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char              *value   = NULL;
    char                     text[200];

    for (size_t i = 0; i < SEI_COUNT(names) && !(value && value[0]); i++)
        value = getenv(names[i]); /* NOLINT(concurrency-mt-unsafe): only read */
    const bool utf8 = value && (strstr(value, "UTF-8") || strstr(value, "utf8"));
    snprintf(text, sizeof text, "%.80s%s", value && value[0] ? value : "(none)",
             utf8 ? "" : "; Japanese text needs a UTF-8 locale on the terminal");
    put(d, utf8 ? FINE : POOR, (sei_label){"ロケール", "locale"}, text);
    snprintf(text, sizeof text, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    put(d, FINE, (sei_label){"プロセッサ数", "processors"}, text);
}

static const sei_cli_option options[] = {
    SEI_CLI_FORMAT_OPTION,
};

static const sei_cli_example examples[] = {
    {"seiryu doctor", "before the first run, or when a run fails oddly",
     "初回の実行前や、原因の分からない不具合のとき"},
    {"seiryu doctor --format json", "to send along with a question", "問い合わせに添える場合"},
};

static int run(sei_cli *cli)
{
    doctor d = {.cli = cli};

    d.table = sei_rtable_create(cli->ctx, "doctor", (sei_label){"動作環境の診断", "This machine"});
    sei_rtable_add_column(d.table, "state", (sei_label){"状態", "state"}, "");
    sei_rtable_add_column(d.table, "what", (sei_label){"項目", "what"}, "");
    sei_rtable_add_column(d.table, "found", (sei_label){"内容", "found"}, "");
    check_versions(&d);
    check_data(&d);
    check_fonts(&d);
    check_temp(&d);
    check_locale(&d);
    const int code = sei_cli_put_table(cli, d.table);
    return code != SEI_EXIT_OK ? code : d.worst == BROKEN ? SEI_EXIT_SYSTEM : SEI_EXIT_OK;
}

const sei_cli_command sei_cmd_doctor = {
    .name       = "doctor",
    .summary    = "tell what this machine has of what the program needs",
    .summary_ja = "動作環境を診断する",
    .arguments  = "",
    .text       = "Versions, data folder, Japanese fonts, temporary folder and locale. Exit code 5 "
                  "when something is missing without which nothing runs.",
    .text_ja =
        "版・データフォルダ・和文フォント・一時フォルダ・ロケールを調べる。実行に欠かせないものが"
        "ないときは終了コード5。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
