// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/kernel.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/ranges.h>
#include <ranges>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Takes a run of digits off the front, without its leading zeros.
std::string_view take_number(std::string_view& text) {
    std::size_t end = 0;
    while (end < text.size() && is_digit(text[end])) {
        ++end;
    }
    auto digits = text.substr(0, end);
    text.remove_prefix(end);
    while (digits.size() > 1 && digits.front() == '0') {
        digits.remove_prefix(1);
    }
    return digits;
}

/// "6.12." of "6.12.107+deb13-amd64": major and minor.
std::string_view series(std::string_view release) {
    const auto first = release.find('.');
    const auto second = first == std::string_view::npos ? first : release.find('.', first + 1);
    return second == std::string_view::npos ? release : release.substr(0, second + 1);
}

bool matches_prefix(std::string_view release, std::string_view prefix) {
    if (prefix.empty() || !release.starts_with(prefix)) {
        return false;
    }
    // A number must match whole: "6.1" does not mean 6.12.
    return release.size() == prefix.size() || !is_digit(prefix.back()) ||
           !is_digit(release[prefix.size()]);
}

} // namespace

std::strong_ordering compare_releases(std::string_view left, std::string_view right) {
    while (!left.empty() && !right.empty()) {
        if (is_digit(left.front()) && is_digit(right.front())) {
            const auto a = take_number(left);
            const auto b = take_number(right);
            if (const auto order = a.size() <=> b.size(); order != 0) {
                return order;
            }
            if (const auto order = a <=> b; order != 0) {
                return order;
            }
            continue;
        }
        if (const auto order = left.front() <=> right.front(); order != 0) {
            return order;
        }
        left.remove_prefix(1);
        right.remove_prefix(1);
    }
    return left.size() <=> right.size();
}

std::vector<Kernel> installed_kernels(const fs::path& boot, const fs::path& modules) {
    constexpr std::string_view name_start = "vmlinuz-";
    std::vector<Kernel> kernels;
    std::error_code error;
    for (fs::directory_iterator entry{boot, error}, end; !error && entry != end;
         entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (!name.starts_with(name_start)) {
            continue;
        }
        Kernel kernel;
        kernel.release = name.substr(name_start.size());
        kernel.image = entry->path();
        kernel.modules = modules / kernel.release;
        std::error_code ignored; // a folder that cannot be looked at counts as missing
        if (fs::exists(kernel.modules / "modules.dep", ignored)) {
            kernels.push_back(std::move(kernel));
        }
    }
    std::ranges::sort(kernels, [](const Kernel& a, const Kernel& b) {
        return compare_releases(a.release, b.release) < 0;
    });
    return kernels;
}

base::Result<Kernel> find_kernel(const std::vector<Kernel>& kernels, std::string_view which) {
    if (kernels.empty()) {
        return base::fail("no kernel is installed in this root tree");
    }
    if (which == "newest") {
        return kernels.back();
    }
    const auto prefix = which == "stable" ? series(kernels.front().release) : which;
    const auto newest_first = kernels | std::views::reverse;
    const auto found = std::ranges::find_if(
        newest_first, [&](const Kernel& kernel) { return matches_prefix(kernel.release, prefix); });
    if (found == newest_first.end()) {
        return base::fail("no kernel '{}' here; there are stable, newest, {}", which,
                          fmt::join(kernels | std::views::transform(&Kernel::release), ", "));
    }
    return *found;
}

} // namespace ipu3::vm
