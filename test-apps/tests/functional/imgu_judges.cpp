// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/imgu_judges.hpp"

namespace tests {

namespace {

Outcome judge(const Vm& vm, std::string_view what, const ImguSizes& sizes, std::string_view file,
              std::string_view raw, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{std::string{what}, (vm.share() / file).string(),
                                       "--raw",           (vm.share() / raw).string(),
                                       "--format",        "ip3b",
                                       "--size",          sizes.frame,
                                       "--bds",           sizes.bds};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program("ipu3-judge", arguments);
}

} // namespace

Outcome judge_picture(const Vm& vm, const ImguSizes& sizes, std::string_view file,
                      std::string_view raw, const std::vector<std::string>& more) {
    auto arguments = more;
    arguments.insert(arguments.end(), {"--corrected", sizes.picture});
    return judge(vm, "picture", sizes, file, raw, arguments);
}

Outcome judge_awb(const Vm& vm, const ImguSizes& sizes, std::string_view file, std::string_view raw,
                  const std::vector<std::string>& more) {
    return judge(vm, "awb", sizes, file, raw, more);
}

} // namespace tests
