// SPDX-License-Identifier: GPL-2.0-or-later
#include "ipu-dmatest/misuse/counters.hpp"

#include <fmt/format.h>
#include <fstream>

namespace ipu3::dmatest::misuse {

std::string Counters::text() const {
    return fmt::format("buffers {} bytes {} mapped_pages {} table_pages {}", buffers, bytes,
                       mapped_pages, table_pages);
}

base::Result<Counters> read_counters(std::string_view function) {
    const auto path = fmt::format("/sys/kernel/debug/vb2-ipu-iommu/dmatest.{}/stats", function);
    std::ifstream file{path};
    Counters counters;
    unsigned found = 0;
    std::string name;
    std::int64_t value = 0;
    while (file >> name >> value) {
        for (auto [wanted, place] : {std::pair{"buffers", &counters.buffers},
                                     {"bytes", &counters.bytes},
                                     {"mapped_pages", &counters.mapped_pages},
                                     {"table_pages", &counters.table_pages}}) {
            if (name == wanted) {
                *place = value;
                ++found;
            }
        }
    }
    if (found != 4) {
        return base::fail("no counters in {}", path);
    }
    return counters;
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
