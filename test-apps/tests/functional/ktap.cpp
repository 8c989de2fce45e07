// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/ktap.hpp"

#include <regex>

namespace tests {

Verdict read_ktap(const std::string& log) {
    const std::regex line{R"((not ok|ok) [0-9]+ )"};
    Verdict verdict;
    for (std::sregex_iterator found{log.begin(), log.end(), line}, end; found != end; ++found) {
        ++(found->str(1) == "ok" ? verdict.passed : verdict.failed);
    }
    verdict.complete = log.find("# ipu-ktest: 0 tests failed") != std::string::npos;
    return verdict;
}

} // namespace tests
