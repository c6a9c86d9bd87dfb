/* interlock.h - the station's table of what must not be done now */
#ifndef SEI_COMMAND_INTERLOCK_H
#define SEI_COMMAND_INTERLOCK_H

#include "seiryu/command.h"

bool sei_interlock_blocks(const sei_station_config *config, const sei_station_world *world,
                          size_t point, int32_t value);

#endif
