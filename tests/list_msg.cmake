sei_test(test_msg LABELS unit)
find_program(NODE node) # of the dashboard's build; without it the codec is not run
if(NODE)
    add_test(NAME chirpstack_codec COMMAND ${NODE} ${PROJECT_SOURCE_DIR}/tests/e2e/codec.js ${PROJECT_SOURCE_DIR}/api/chirpstack-codec.js)
    set_tests_properties(chirpstack_codec PROPERTIES LABELS unit TIMEOUT 30)
endif()
