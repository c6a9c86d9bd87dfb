if(TARGET seiryu-cli)
    add_test(NAME cli COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/cli.sh $<TARGET_FILE:seiryu-cli> ${PROJECT_SOURCE_DIR})
    set_tests_properties(cli PROPERTIES LABELS e2e TIMEOUT 120)
endif()
