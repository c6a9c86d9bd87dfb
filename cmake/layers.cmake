# sei_layer(NAME SOURCES a.c b.c LINKS base water PkgConfig::X)
# One folder is one object library. LINKS names the folders below it and outside libraries; the header check in
# tools/lint holds the same picture against every #include.
function(sei_layer name)
    cmake_parse_arguments(L "" "" "SOURCES;LINKS" ${ARGN})
    add_library(sei_${name} OBJECT ${L_SOURCES})
    target_include_directories(sei_${name} PUBLIC
        ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/generated ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(sei_${name} PUBLIC sei_flags)
    foreach(link IN LISTS L_LINKS)
        if(TARGET sei_${link})
            target_link_libraries(sei_${name} PUBLIC sei_${link})
        else()
            target_link_libraries(sei_${name} PUBLIC ${link})
            set_property(GLOBAL APPEND PROPERTY SEI_OUTSIDE_LIBS ${link})
        endif()
    endforeach()
    set_property(GLOBAL APPEND PROPERTY SEI_LAYERS sei_${name})
endfunction()
