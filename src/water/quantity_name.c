/* quantity_name.c - names of columns: quantity, fraction, unit, basis (zn_dissolved_mg_l) */
#include "water/quantity_name.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "water/quantity_list.h"
#include "water/table.h"

static const char *const fractions[] = {"total", "dissolved", "suspended"};

/* Endings that repeat what the quantity means anyway: "as CaCO3", "at 25 degC". */
static const struct {
    const char *ending;
    const char *formula; /* of the quantity; NULL: see key */
    const char *key;
} bases[] = {{"_caco3", "CaCO3", NULL}, {"_25c", NULL, "sc"}};

#define KEY(key, symbol, en, ja, dimension, unit, formula, eq, min, max, decimals, negative, \
            fractions)                                                                       \
    key,
#define ALIAS(name, key) name,
static const char *const words[] = {SEI_QUANTITY_LIST(KEY) SEI_QUANTITY_ALIASES(ALIAS)};
#undef KEY
#undef ALIAS

const char *sei_fraction_key(sei_fraction fraction)
{
    return (size_t)fraction < 3 ? fractions[fraction] : "";
}

bool sei_fraction_find(const char *key, sei_fraction *ret_fraction)
{
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(fractions[i], key) == 0) {
            *ret_fraction = (sei_fraction)i;
            return true;
        }
    }
    return false;
}

/* Keys are short and seldom near; the English names ("zinc") are tried too. */
const char *sei_name_nearest(const char *text)
{
    const char *key = sei_nearest(text, words, sizeof words / sizeof words[0]);

    for (size_t i = 0; !key && i < sei_quantity_count(); i++) {
        const sei_quantity *q = sei_quantity_at(i);
        if (sei_nearest(text, &q->name_en, 1))
            key = q->key;
    }
    return key;
}

bool sei_name_unit_suits(const sei_quantity *quantity, const sei_unit *unit)
{
    double si;

    return sei_quantity_to_si(quantity, unit, 1.0, &si);
}

void sei_name_allowed_units(const sei_quantity *quantity, char *out, size_t size)
{
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sei_unit_count() && n < size; i++) {
        const sei_unit *unit = sei_unit_at(i);
        if (sei_name_unit_suits(quantity, unit))
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? ", " : "", unit->key);
    }
}

static bool ends_with(const char *text, size_t len, const char *ending)
{
    const size_t n = strlen(ending);

    return len > n && memcmp(text + len - n, ending, n) == 0;
}

bool sei_name_parse_stem(const char *stem, size_t len, sei_quantity_column *ret_column)
{
    char         key[SEI_QUANTITY_NAME_MAX];
    sei_fraction fraction = SEI_FRACTION_TOTAL;
    bool         named    = false;

    for (size_t i = 0; i < 3 && !named; i++) {
        const size_t n = strlen(fractions[i]);
        if (len > n + 1 && stem[len - n - 1] == '_' && ends_with(stem, len, fractions[i])) {
            fraction = (sei_fraction)i;
            named    = true;
            len -= n + 1;
        }
    }
    if (len >= sizeof key)
        return false;
    memcpy(key, stem, len);
    key[len]                     = '\0';
    const sei_quantity *quantity = sei_quantity_find(key);
    if (!quantity || (named && !quantity->fractions))
        return false;
    *ret_column = (sei_quantity_column){quantity, fraction, NULL};
    return true;
}

/* Length of name without a basis; *ret_basis is which, -1 for none. */
static size_t without_basis(const char *name, size_t len, int *ret_basis)
{
    *ret_basis = -1;
    for (int i = 0; i < (int)(sizeof bases / sizeof bases[0]); i++) {
        if (ends_with(name, len, bases[i].ending)) {
            *ret_basis = i;
            return len - strlen(bases[i].ending);
        }
    }
    return len;
}

static bool basis_suits(const sei_quantity *q, int basis)
{
    if (basis < 0)
        return true;
    if (bases[basis].key)
        return strcmp(q->key, bases[basis].key) == 0;
    return q->formula && strcmp(q->formula, bases[basis].formula) == 0;
}

/* The quantity is known, what follows it is no fraction ("zn_inlet") or no unit ("zn_mgl"). */
static sei_status unknown_ending(const char *stem, size_t len, bool has_unit,
                                 char message[SEI_NAME_MESSAGE_MAX])
{
    sei_quantity_column column;
    sei_fraction        fraction;
    char                allowed[256], ending[SEI_QUANTITY_NAME_MAX];

    for (size_t n = len; n-- > 1;) {
        if (stem[n] != '_' || !sei_name_parse_stem(stem, n, &column))
            continue;
        const char *key = column.quantity->key;
        snprintf(ending, sizeof ending, "%.*s", (int)(len - n - 1), stem + n + 1);
        sei_name_allowed_units(column.quantity, allowed, sizeof allowed);
        if (sei_fraction_find(ending, &fraction) || has_unit) {
            snprintf(message, SEI_NAME_MESSAGE_MAX, "unknown ending '%s' of %s; %s", ending, key,
                     column.quantity->fractions ? "a fraction is total, dissolved or suspended"
                                                : "it has no fractions");
            return SEI_E_KEY;
        }
        snprintf(message, SEI_NAME_MESSAGE_MAX, "unknown unit '%s' of %s%s%s", ending, key,
                 allowed[0] ? "; allowed units: " : ", which has none", allowed);
        return SEI_E_UNIT;
    }
    return SEI_OK;
}

static sei_status unknown(const char *stem, size_t len, bool has_unit,
                          char message[SEI_NAME_MESSAGE_MAX])
{
    char key[SEI_QUANTITY_NAME_MAX], shown[SEI_SHOWN_MAX];

    const sei_status st = len < sizeof key ? unknown_ending(stem, len, has_unit, message) : SEI_OK;
    if (st != SEI_OK)
        return st;
    snprintf(key, sizeof key, "%.*s", (int)(len < sizeof key ? len : sizeof key - 1), stem);
    sei_shown(shown, key);
    const char *near = sei_name_nearest(key);
    if (near)
        snprintf(message, SEI_NAME_MESSAGE_MAX, "unknown quantity '%s'; is it '%s'?", shown, near);
    else
        snprintf(
            message, SEI_NAME_MESSAGE_MAX,
            "unknown quantity '%s'; name it as in docs/files-csv.md or map it in a header file",
            shown);
    return SEI_E_KEY;
}

static sei_status unsuitable(const sei_quantity *q, const sei_unit *unit,
                             char message[SEI_NAME_MESSAGE_MAX])
{
    char allowed[256];

    sei_name_allowed_units(q, allowed, sizeof allowed);
    if (!q->unit[0])
        snprintf(message, SEI_NAME_MESSAGE_MAX, "%s has no unit; name the column '%s'", q->key,
                 q->key);
    else if (!unit)
        snprintf(message, SEI_NAME_MESSAGE_MAX,
                 "the unit of %s is missing; write for example '%s_%s' (allowed: %s)", q->key,
                 q->key, q->unit, allowed);
    else
        snprintf(message, SEI_NAME_MESSAGE_MAX, "%s cannot be given in %s; allowed units: %s",
                 q->key, unit->symbol, allowed);
    return SEI_E_UNIT;
}

sei_status sei_name_parse(const char *name, sei_quantity_column *ret_column,
                          char message[SEI_NAME_MESSAGE_MAX])
{
    char         lower[SEI_QUANTITY_NAME_MAX];
    size_t       stem = 0;
    const size_t len  = strlen(name);
    int          basis;

    message[0] = '\0';
    if (len == 0 || len >= sizeof lower)
        return unknown(name, len, false, message);
    for (size_t i = 0; i <= len; i++)
        lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];

    const size_t body    = without_basis(lower, len, &basis);
    lower[body]          = '\0';
    const sei_unit *unit = sei_name_unit(lower, &stem);

    sei_quantity_column column;
    /* "no3_n" and "as" end like a unit or are one: the whole name goes first. */
    if (sei_name_parse_stem(lower, body, &column))
        unit = NULL;
    else if (!unit || !sei_name_parse_stem(lower, stem, &column))
        return unknown(lower, unit ? stem : body, unit != NULL, message);
    if (!sei_name_unit_suits(column.quantity, unit))
        return unsuitable(column.quantity, unit, message);
    if (!basis_suits(column.quantity, basis)) {
        snprintf(message, SEI_NAME_MESSAGE_MAX, "'%s' does not suit %s; leave it away",
                 bases[basis].ending, column.quantity->key);
        return SEI_E_UNIT;
    }
    column.unit = unit;
    *ret_column = column;
    return SEI_OK;
}

sei_status sei_quantity_parse_column(sei_ctx *ctx, const sei_where *where, const char *name,
                                     sei_quantity_column *ret_column)
{
    char             message[SEI_NAME_MESSAGE_MAX], shown[SEI_SHOWN_MAX];
    const sei_status st = sei_name_parse(name, ret_column, message);

    sei_shown(shown, name);
    return st == SEI_OK ? SEI_OK : sei_fail(ctx, st, where, "column '%s': %s", shown, message);
}

void sei_quantity_format_column(char out[SEI_QUANTITY_NAME_MAX], const sei_quantity_column *column)
{
    const bool named = column->fraction != SEI_FRACTION_TOTAL;

    snprintf(out, SEI_QUANTITY_NAME_MAX, "%.20s%s%s%s%.15s", column->quantity->key,
             named ? "_" : "", named ? sei_fraction_key(column->fraction) : "",
             column->unit ? "_" : "", column->unit ? column->unit->key : "");
}
