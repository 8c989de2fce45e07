// SPDX-License-Identifier: GPL-2.0-or-later
// Where a kernel module's code lies.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::camera_bench {

/// The pages of @p module's code, by their first addresses, ascending, from the text of
/// /proc/kallsyms; none when the module is not loaded, or addresses are hidden. A module's code is
/// in one piece and shares no page with another's.
[[nodiscard]] std::vector<std::uint64_t> code_pages(std::string_view kallsyms,
                                                    std::string_view module);

/// A function of a module: from @p begin to the next one's beginning.
struct Function {
    std::uint64_t begin{0};
    std::uint64_t end{0};
    std::string name;
};

/// The functions of @p module, ascending; the last one ends with the module's last page. Those that
/// do not begin at a multiple of 16 bytes share what is counted there.
[[nodiscard]] std::vector<Function> functions(std::string_view kallsyms, std::string_view module);

} // namespace ipu3::camera_bench
