# SPDX-License-Identifier: GPL-2.0-or-later
# One way to declare a library, a program and a unit test, so that all get the same warnings and sanitizers.

function(ipu3_options target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  if(SANITIZE)
    target_compile_options(${target} PRIVATE
      -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  endif()
endfunction()

# ipu3_hot_loops(): the targets of this folder and those below it are worth the compiler's time: -O3 vectorises rendering, packing, checking.
set(ipu3_hot_loops_options $<$<CONFIG:RelWithDebInfo>:-O3>)
macro(ipu3_hot_loops)
  add_compile_options(${ipu3_hot_loops_options})
  set(ipu3_headers hot_headers)
endmacro()

# fmt as the program that is linked wants it: Debian has no archive of it for those that are static.
set(ipu3_fmt $<IF:$<BOOL:$<TARGET_PROPERTY:IPU3_STATIC>>,fmt_compiled,fmt::fmt>)

# ipu3_library(NAME SOURCES file... [LIBS target...] [PIC]): PIC for what a plugin links in
function(ipu3_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "PIC" "" "SOURCES;LIBS")
  add_library(${name} STATIC ${ARG_SOURCES})
  ipu3_options(${name})
  if(ARG_PIC) # which the headers were not parsed for
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  else()
    target_precompile_headers(${name} REUSE_FROM ${ipu3_headers})
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LIBS} ${ipu3_fmt})
endfunction()

# ipu3_program(NAME SOURCES file... [LIBS target...]): lands in IPU3_BIN_DIR
function(ipu3_program name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS")
  add_executable(${name} ${ARG_SOURCES})
  ipu3_options(${name})
  target_precompile_headers(${name} REUSE_FROM ${ipu3_headers})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} ${ipu3_fmt})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${IPU3_BIN_DIR})
endfunction()

# ipu3_static_program(NAME SOURCES file... [LIBS target...]): a program that people run where the root tree's libraries are
# not, on the host or on a laptop. A sanitizer cannot be linked statically, so that a sanitizing build has it dynamic.
function(ipu3_static_program name)
  ipu3_program(${name} ${ARGN})
  if(NOT SANITIZE)
    target_link_options(${name} PRIVATE -static)
    set_target_properties(${name} PROPERTIES IPU3_STATIC ON)
  endif()
endfunction()

set(ipu3_test_optimization -O0)
function(ipu3_test_options target)
  ipu3_options(${target})
  target_compile_options(${target} PRIVATE ${ipu3_test_optimization})
endfunction()

# Headers that take longer to parse than most files take to compile: parsed once for each set of options. Each file
# includes what it needs all the same: check-tidy builds without.
set(ipu3_headers common_headers)
function(ipu3_precompiled_headers)
  find_package(GTest REQUIRED)
  foreach(name common_headers hot_headers test_headers)
    add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/cmake/headers.cpp)
    ipu3_options(${name})
    target_link_libraries(${name} PRIVATE fmt::fmt)
    target_precompile_headers(${name} PRIVATE <fmt/format.h> <algorithm> <array> <chrono> <filesystem> <functional>
      <map> <memory> <optional> <span> <stdexcept> <string> <string_view> <vector>)
  endforeach()
  target_compile_options(hot_headers PRIVATE ${ipu3_hot_loops_options})
  target_compile_options(test_headers PRIVATE ${ipu3_test_optimization})
  target_link_libraries(test_headers PRIVATE GTest::gtest GTest::gmock)
  target_precompile_headers(test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
endfunction()

# ipu3_test(NAME SOURCES file... [LIBS target...]): a GoogleTest program, one CTest entry per TEST
function(ipu3_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS")
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${name} ${ARG_SOURCES})
  ipu3_test_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM test_headers)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60)
endfunction()

# ipu3_vm_test(NAME SOURCES file... LIBS target... LABELS label... FILTERS pattern... TIMEOUTS seconds...): tests that boot the machine. Each pair
# of a label and a GoogleTest filter makes one group of CTest entries; built on request only, and not under sanitizers,
# for what they test are the programs.
function(ipu3_vm_test name)
  if(SANITIZE)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS;LABELS;FILTERS;TIMEOUTS")
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  ipu3_test_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gtest GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM test_headers)
  foreach(label filter timeout IN ZIP_LISTS ARG_LABELS ARG_FILTERS ARG_TIMEOUTS)
    gtest_discover_tests(${name} TEST_FILTER "${filter}" NO_PRETTY_VALUES TEST_LIST ${name}_${label} DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS "${label}" TIMEOUT ${timeout})
  endforeach()
endfunction()

# ipu3_fuzzer(NAME SOURCES file... [LIBS target...]): only in a FUZZERS build, which clang++ compiles
function(ipu3_fuzzer name)
  if(NOT FUZZERS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS")
  add_executable(${name} ${ARG_SOURCES})
  ipu3_options(${name})
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined)
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
endfunction()
