/* titrate_minerals.c - which solids may form at once */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "study/titrate.h"

/*
 * Fresh precipitates, as they form within the minutes of a neutralisation tank; docs/titrate.md tells why each of
 * them is here and the more stable solids are not. A row holds names for the same solid in different databases: the
 * first one that the database has is taken.
 */
enum { NAMES = 3 };
static const char *const usual[][NAMES] = {
    {"Ferrihydrite", "Fe(OH)3(a)"},
    {"Fe(OH)2"},
    {"Siderite(d)", "Siderite(d)(3)", "Siderite"},
    {"Al(OH)3(a)", "Al(OH)3(am)"},
    {"Gypsum"},
    {"Calcite"},
    {"Brucite"},
    {"Portlandite"},
    {"Pyrochroite"},
    {"Rhodochrosite(d)", "Rhodochrosite"},
    {"Zn(OH)2(a)", "Zn(OH)2-a", "Zn(OH)2(am)"},
    {"ZnCO3:H2O", "ZnCO3:1H2O", "Smithsonite"},
    {"Cu(OH)2"},
    {"Cd(OH)2", "Cd(OH)2(am)"},
    {"Otavite"},
    {"Pb(OH)2"},
    {"Cerussite"},
    {"Anglesite"},
};

static size_t find(const sei_mineral_list *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (sei_equal_nocase(list->name[i], name))
            return i;
    return SIZE_MAX;
}

/* Under the name that the database has. */
static sei_status add(sei_ctx *ctx, const sei_db *db, const char *name, bool is_asked,
                      sei_mineral_list *list)
{
    const size_t phase = sei_db_find_phase(db, name);

    if (phase == SIZE_MAX && !is_asked)
        return SEI_OK;
    if (phase == SIZE_MAX)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "database %s has no mineral \"%s\"",
                        sei_db_name(db), name);
    if (db->phases[phase].is_gas)
        return sei_fail(ctx, SEI_E_KEY, NULL,
                        "%s is a gas, no mineral; gases are opened with --open", name);
    const size_t at = find(list, db->phases[phase].name);
    if (at != SIZE_MAX) {
        list->is_asked[at] = list->is_asked[at] || is_asked;
        return SEI_OK;
    }
    if (list->n == SEI_TITRATION_MINERALS_MAX || strlen(db->phases[phase].name) >= SEI_TITRATE_NAME)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "more than %d minerals, or a name of %d bytes and more",
                        (int)SEI_TITRATION_MINERALS_MAX, (int)SEI_TITRATE_NAME);
    snprintf(list->name[list->n], SEI_TITRATE_NAME, "%s", db->phases[phase].name);
    list->is_asked[list->n++] = is_asked;
    return SEI_OK;
}

static sei_status add_usual(sei_ctx *ctx, const sei_db *db, sei_mineral_list *list)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < sizeof usual / sizeof usual[0] && st == SEI_OK; i++)
        for (size_t k = 0; k < NAMES && usual[i][k]; k++) {
            if (sei_db_find_phase(db, usual[i][k]) == SIZE_MAX)
                continue;
            st = add(ctx, db, usual[i][k], false, list);
            break;
        }
    return st;
}

static sei_status take_out(sei_ctx *ctx, const char *name, sei_mineral_list *list)
{
    const size_t at = find(list, name);

    if (at == SIZE_MAX)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                        "\"-%s\": there is no %s among the minerals to take out", name, name);
    list->n--;
    memmove(list->name[at], list->name[at + 1], (list->n - at) * sizeof list->name[0]);
    memmove(&list->is_asked[at], &list->is_asked[at + 1],
            (list->n - at) * sizeof list->is_asked[0]);
    return SEI_OK;
}

sei_status sei_mineral_list_make(sei_ctx *ctx, const sei_db *db, size_t n,
                                 const char *const names[], sei_mineral_list *ret_list)
{
    sei_mineral_list list = {0};
    sei_status       st   = n == 0 ? add_usual(ctx, db, &list) : SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        if (strcmp(names[i], "default") == 0)
            st = add_usual(ctx, db, &list);
        else if (names[i][0] == '-')
            st = take_out(ctx, names[i] + 1, &list);
        else if (strcmp(names[i], "none") != 0)
            st = add(ctx, db, names[i], true, &list);
    }
    if (st == SEI_OK)
        *ret_list = list;
    return st;
}
