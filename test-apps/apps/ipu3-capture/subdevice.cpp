// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/subdevice.hpp"

#include "apps/ipu3-capture/formats.hpp"
#include "lib/v4l2/system_call.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/ranges.h>
#include <linux/videodev2.h>

namespace ipu3::capture {

namespace {

using v4l2::call;
using v4l2::text_of;

bool is_number(std::uint32_t type) {
    switch (type) {
    case V4L2_CTRL_TYPE_INTEGER:
    case V4L2_CTRL_TYPE_BOOLEAN:
    case V4L2_CTRL_TYPE_MENU:
    case V4L2_CTRL_TYPE_BUTTON:
    case V4L2_CTRL_TYPE_INTEGER64:
    case V4L2_CTRL_TYPE_BITMASK:
    case V4L2_CTRL_TYPE_INTEGER_MENU:
        return true;
    default:
        return false;
    }
}

/// The controls that are numbers.
std::vector<v4l2_query_ext_ctrl> query_controls(int fd) {
    std::vector<v4l2_query_ext_ctrl> controls;
    v4l2_query_ext_ctrl control{};
    control.id = V4L2_CTRL_FLAG_NEXT_CTRL;
    while (call(fd, VIDIOC_QUERY_EXT_CTRL, "", control)) {
        if (is_number(control.type) && (control.flags & V4L2_CTRL_FLAG_DISABLED) == 0) {
            controls.push_back(control);
        }
        control.id |= V4L2_CTRL_FLAG_NEXT_CTRL;
    }
    return controls;
}

/// Sets one control; the value afterwards.
base::Result<std::int64_t> write_control(int fd, const std::string& what,
                                         const v4l2_query_ext_ctrl& query, std::int64_t value) {
    const bool wide = query.type == V4L2_CTRL_TYPE_INTEGER64;
    v4l2_ext_control control{};
    control.id = query.id;
    if (wide) {
        control.value64 = value;
    } else {
        control.value = static_cast<__s32>(value);
    }
    v4l2_ext_controls controls{};
    controls.which = V4L2_CTRL_WHICH_CUR_VAL;
    controls.count = 1;
    controls.controls = &control;
    if (auto done = call(fd, VIDIOC_S_EXT_CTRLS, what, controls); !done) {
        return tl::unexpected{done.error()};
    }
    const std::int64_t result = wide ? std::int64_t{control.value64} : control.value;
    return result;
}

} // namespace

std::string size_range_text(const SizeRange& range) {
    return range.smallest == range.largest
               ? size_text(range.largest)
               : fmt::format("{}-{}", size_text(range.smallest), size_text(range.largest));
}

std::string control_word(const std::string& name) {
    std::string word;
    bool gap = false;
    for (const char character : name) {
        const bool upper = character >= 'A' && character <= 'Z';
        const bool kept = upper || (character >= 'a' && character <= 'z') ||
                          (character >= '0' && character <= '9');
        if (!kept) {
            gap = true;
            continue;
        }
        if (gap && !word.empty()) {
            word += '_';
        }
        gap = false;
        word += upper ? static_cast<char>(character - 'A' + 'a') : character;
    }
    return word;
}

base::Result<Subdevice> Subdevice::open(const std::filesystem::path& path) {
    base::UniqueFd fd{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (!fd) {
        return base::fail_errno(errno, "cannot open {}", path.string());
    }
    return Subdevice{std::move(fd), path};
}

base::Result<std::vector<std::uint32_t>> Subdevice::bus_codes(std::uint32_t pad) const {
    std::vector<std::uint32_t> codes;
    v4l2_subdev_mbus_code_enum entry{};
    entry.pad = pad;
    entry.which = V4L2_SUBDEV_FORMAT_ACTIVE;
    while (true) {
        auto done = call(fd_.get(), VIDIOC_SUBDEV_ENUM_MBUS_CODE,
                         fmt::format("{}: VIDIOC_SUBDEV_ENUM_MBUS_CODE", path_.string()), entry);
        if (!done && (done.error().code == EINVAL || done.error().code == ENOTTY)) {
            return codes;
        }
        if (!done) {
            return tl::unexpected{done.error()};
        }
        codes.push_back(entry.code);
        ++entry.index;
    }
}

base::Result<std::vector<SizeRange>> Subdevice::sizes(std::uint32_t pad,
                                                      std::uint32_t bus_code) const {
    std::vector<SizeRange> sizes;
    v4l2_subdev_frame_size_enum entry{};
    entry.pad = pad;
    entry.code = bus_code;
    entry.which = V4L2_SUBDEV_FORMAT_ACTIVE;
    while (true) {
        auto done = call(fd_.get(), VIDIOC_SUBDEV_ENUM_FRAME_SIZE,
                         fmt::format("{}: VIDIOC_SUBDEV_ENUM_FRAME_SIZE", path_.string()), entry);
        if (!done && (done.error().code == EINVAL || done.error().code == ENOTTY)) {
            return sizes;
        }
        if (!done) {
            return tl::unexpected{done.error()};
        }
        sizes.push_back({.smallest = {entry.min_width, entry.min_height},
                         .largest = {entry.max_width, entry.max_height}});
        ++entry.index;
    }
}

base::Result<v4l2_mbus_framefmt> Subdevice::set_format(std::uint32_t pad,
                                                       const v4l2_mbus_framefmt& wanted) const {
    v4l2_subdev_format format{};
    format.which = V4L2_SUBDEV_FORMAT_ACTIVE;
    format.pad = pad;
    format.format = wanted;
    if (auto done = call(fd_.get(), VIDIOC_SUBDEV_S_FMT,
                         fmt::format("{}: cannot set the format of pad {} (VIDIOC_SUBDEV_S_FMT)",
                                     path_.string(), pad),
                         format);
        !done) {
        return tl::unexpected{done.error()};
    }
    const auto& got = format.format;
    if (got.code != wanted.code || got.width != wanted.width || got.height != wanted.height) {
        return base::fail("{}: pad {} was asked for {} {}, and the driver made {} {} of it",
                          path_.string(), pad, bus_code_text(wanted.code),
                          size_text({wanted.width, wanted.height}), bus_code_text(got.code),
                          size_text({got.width, got.height}));
    }
    return got;
}

base::Result<void> Subdevice::set_control(const ControlSetting& setting) const {
    const auto controls = query_controls(fd_.get());
    const auto found = std::ranges::find_if(controls, [&](const v4l2_query_ext_ctrl& control) {
        return control_word(text_of(control.name)) == setting.name;
    });
    if (found == controls.end()) {
        std::vector<std::string> names;
        std::ranges::transform(
            controls, std::back_inserter(names),
            [](const v4l2_query_ext_ctrl& control) { return control_word(text_of(control.name)); });
        return base::fail("{}: there is no control '{}'; there is {}", path_.string(), setting.name,
                          fmt::join(names, ", "));
    }
    const auto what =
        fmt::format("{}: cannot set {} to {}", path_.string(), setting.name, setting.value);
    if ((found->flags & V4L2_CTRL_FLAG_READ_ONLY) != 0) {
        return base::fail("{}: it can only be read", what);
    }
    const std::int64_t least = found->minimum;
    const std::int64_t most = found->maximum;
    const bool ranged =
        found->type != V4L2_CTRL_TYPE_BITMASK && found->type != V4L2_CTRL_TYPE_BUTTON;
    if (ranged && (setting.value < least || setting.value > most)) {
        return base::fail("{}: it goes from {} to {}", what, least, most);
    }
    const auto set = write_control(fd_.get(), what, *found, setting.value);
    if (!set) {
        return tl::unexpected{set.error()};
    }
    if (ranged && *set != setting.value) {
        return base::fail("{}: the driver made {} of it", what, *set);
    }
    return {};
}

} // namespace ipu3::capture
