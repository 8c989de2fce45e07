// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/kernel_needs.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace ipu3::vm {
namespace {

enum class For : std::uint8_t { all, devices, stock_drivers, imgu, stock_imgu, vtd };

struct Need {
    std::string_view option; ///< without CONFIG_
    std::string_view module; ///< empty: it is no module
    For whom{For::all};
};

// In the order in which a boot would miss them.
constexpr auto needs = std::to_array<Need>({
    {"SERIAL_8250_CONSOLE", ""},
    {"PCI", ""},
    {"BLK_DEV_INITRD", ""},
    {"BINFMT_ELF", ""},
    {"BINFMT_SCRIPT", ""},
    {"DEVTMPFS", ""},
    {"PROC_FS", ""},
    {"SYSFS", ""},
    {"TMPFS", ""},
    {"EPOLL", ""},
    {"SIGNALFD", ""},
    {"UNIX98_PTYS", ""},
    {"MODULES", ""},
    {"INET", ""},
    {"UNIX", ""},
    {"VIRTIO_PCI", "virtio_pci"},
    {"VIRTIO_CONSOLE", "virtio_console"},
    {"NET_9P_VIRTIO", "9pnet_virtio"},
    {"9P_FS", "9p"},
    {"OVERLAY_FS", "overlay"},
    {"INTEL_IOMMU", "", For::vtd},
    {"MFD_INTEL_LPSS_PCI", "intel_lpss_pci", For::devices},
    {"I2C_DESIGNWARE_PLATFORM", "i2c_designware_platform", For::devices},
    {"I2C_CHARDEV", "i2c_dev", For::devices},
    {"IPU_BRIDGE", "ipu_bridge", For::devices},
    {"VIDEO_IPU3_CIO2", "ipu3_cio2", For::stock_drivers},
    {"FW_LOADER", "firmware_class", For::imgu},
    {"VIDEO_IPU3_IMGU", "ipu3_imgu", For::stock_imgu},
});

bool wanted(const Need& need, const KernelUse& use) {
    switch (need.whom) {
    case For::all:
        return true;
    case For::devices:
        return use.devices;
    case For::stock_drivers:
        return use.devices && use.stock_drivers;
    case For::imgu:
        return use.imgu;
    case For::stock_imgu:
        return use.imgu && use.stock_drivers;
    case For::vtd:
        return use.vtd;
    }
    return true;
}

std::string_view next_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

bool has_option(std::string_view config, std::string_view option) {
    while (!config.empty()) {
        const auto line = next_line(config);
        if (line.starts_with(option) &&
            (line.substr(option.size()) == "=y" || line.substr(option.size()) == "=m")) {
            return true;
        }
    }
    return false;
}

/// Whether @p path is the file of @p module, in whose name a dash counts as an underscore.
bool names_module(std::string_view path, std::string_view module) {
    const auto slash = path.rfind('/');
    auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    name = name.substr(0, name.find(".ko"));
    return std::ranges::equal(name, module,
                              [](char a, char b) { return (a == '-' ? '_' : a) == b; });
}

bool has_module(std::string_view list, std::string_view module) {
    while (!list.empty()) {
        if (names_module(next_line(list), module)) {
            return true;
        }
    }
    return false;
}

std::string upper(std::string_view text) {
    std::string result{text};
    std::ranges::transform(result, result.begin(), [](char c) {
        return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return result;
}

} // namespace

std::vector<std::string> lacking_options(std::string_view config, const KernelUse& use) {
    std::vector<std::string> lacking;
    const auto look = [&](std::string option) {
        if (!has_option(config, option)) {
            lacking.push_back(std::move(option));
        }
    };
    for (const auto& need : needs) {
        if (wanted(need, use)) {
            look("CONFIG_" + std::string{need.option});
        }
    }
    if (use.devices) {
        std::ranges::for_each(
            use.sensors, [&](const std::string& sensor) { look("CONFIG_VIDEO_" + upper(sensor)); });
    }
    return lacking;
}

std::vector<std::string> lacking_modules(std::string_view list, const KernelUse& use) {
    std::vector<std::string> lacking;
    const auto look = [&](std::string_view module) {
        if (!has_module(list, module)) {
            lacking.emplace_back(module);
        }
    };
    for (const auto& need : needs) {
        if (wanted(need, use) && !need.module.empty()) {
            look(need.module);
        }
    }
    if (use.devices) {
        std::ranges::for_each(use.sensors, look);
    }
    return lacking;
}

} // namespace ipu3::vm
