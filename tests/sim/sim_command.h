/* sim_command.h - a simulated station that can be operated: the station core with files for its world */
#ifndef SEI_TESTS_SIM_COMMAND_H
#define SEI_TESTS_SIM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sim_command sim_command;
typedef void (*sim_answer)(void *user, const uint8_t *frame, size_t len);

/* Reads FOLDER/NAME.command: {"address": 7, "seed": "64 digits", "keys": ["64 digits", …], "points": [{"point": 1, "min": 0,
 * "max": 1000, "tolerance": 2, "two_persons": false}]}. NULL without such a file. FOLDER/NAME.image keeps the memory;
 * while FOLDER/NAME.local, NAME.sick or NAME.stuck is there, the switch stands on local, the station is not healthy, its
 * actuators do not move. */
sim_command *sim_command_open(const char *folder, const char *name, sim_answer answer, void *user);
void         sim_command_close(sim_command *c); /* NULL is harmless */
void         sim_command_frame(sim_command *c, const uint8_t *frame, size_t len);
/* Time goes on: actuators move and are read; a status now and then. */
void sim_command_step(sim_command *c, int64_t now_ms);

#endif
