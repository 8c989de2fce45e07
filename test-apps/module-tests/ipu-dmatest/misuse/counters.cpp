// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/misuse/counters.hpp"

#include <fmt/format.h>
#include <fstream>
#include <string>

namespace ipu3::dmatest::misuse {

base::Result<Counters> read_counters(std::string_view function) {
    return v4l2::read_backend_counters(fmt::format("dmatest.{}", function));
}

Counters all_counters() {
    Counters sum;
    for (const auto function : {first_function, second_function}) {
        if (const auto one = read_counters(function)) {
            sum.buffers += one->buffers;
            sum.bytes += one->bytes;
            sum.mapped_pages += one->mapped_pages;
            sum.table_pages += one->table_pages;
        }
    }
    return sum;
}

base::Result<std::int64_t> free_memory() {
    std::ifstream file{"/proc/meminfo"};
    std::string name;
    std::string unit;
    std::int64_t value = 0;
    while (file >> name >> value >> unit) {
        if (name == "MemFree:") {
            return value;
        }
    }
    return base::fail("no MemFree in /proc/meminfo");
}

} // namespace ipu3::dmatest::misuse
