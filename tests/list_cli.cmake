if(TARGET seiryu-cli)
    add_test(NAME cli COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/cli.sh $<TARGET_FILE:seiryu-cli> ${PROJECT_SOURCE_DIR})
    set_tests_properties(cli PROPERTIES LABELS e2e TIMEOUT 120)
endif()
# Open MPI keeps memory at its end, which the leak check takes for ours.
if(TARGET seiryu-mpi AND NOT SEI_SANITIZE)
    add_test(NAME mpi COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/mpi.sh $<TARGET_FILE:seiryu-cli> $<TARGET_FILE:seiryu-mpi>)
    set_tests_properties(mpi PROPERTIES LABELS e2e TIMEOUT 120)
endif()
