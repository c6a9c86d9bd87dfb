/* cmd_list.h - the subcommands, SEI_CMD(name), in the order of the help; sei_cmd_<name> is the row */
SEI_CMD(init)
SEI_CMD(check)
SEI_CMD(simulate)
SEI_CMD(speciate)
SEI_CMD(phreeqc)
SEI_CMD(units)
SEI_CMD(rates)
SEI_CMD(doctor)
