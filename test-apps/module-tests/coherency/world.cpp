// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/coherency/world.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace coherency {

namespace {

constexpr unsigned most_views = 1; // of each kind

enum class Action : std::uint8_t {
    prefetch,
    evict,
    user_read,
    user_write,
    other_read,
    other_write,
    device_read,
    device_write,
    begin,
    end,
    views,
};
} // namespace

World::World(Sabotage sabotage) : sabotage_{sabotage} {
    ipu_coherency_init(&machine_, lines * line_bytes);
}

/// A flush writes a dirty line back and forgets it.
void World::perform(const ipu_sync_step& step) {
    reasons_.insert(step.reason);
    if (step.flush == 0 || sabotage_.flush == step.reason) {
        return;
    }
    const auto count = std::min(lines, (step.flush + line_bytes - 1) / line_bytes);
    for (std::size_t line = 0; line < count; ++line) {
        evict(line);
    }
    if (count == lines) {
        user_wrote_ = false;
    }
}

std::string World::abstract() const {
    auto text = fmt::format("{} {} {} {} {} |", machine_.stale, machine_.wrote, written_,
                            user_wrote_, user_blind_);
    for (const auto& viewer : machine_.viewers) {
        text += fmt::format(" {} {} {} |", viewer.views, viewer.writers, viewer.dirty);
    }
    for (const auto& mappings : mappings_) {
        text += fmt::format(" {} {} |", mappings.readers, mappings.writers);
    }
    if (owner_) {
        text += fmt::format(" {}{}{}{}", owner_->reads, owner_->writes, owner_->snoops,
                            owner_->allocates);
    }
    for (std::size_t line = 0; line < lines; ++line) {
        const auto& copy = cache_.at(line);
        text += fmt::format(" | {}", memory_.at(line) == truth_.at(line));
        if (copy) {
            text += fmt::format(" {} {}", copy->value == truth_.at(line), copy->dirty);
        }
    }
    return text;
}

void World::prefetch(std::size_t line) {
    if (!cache_.at(line)) {
        cache_.at(line) = Copy{.value = memory_.at(line), .dirty = false};
    }
}

void World::evict(std::size_t line) {
    auto& copy = cache_.at(line);
    if (copy && copy->dirty) {
        memory_.at(line) = copy->value;
    }
    copy.reset();
}

std::optional<std::string> World::cpu_read(ipu_viewer viewer, std::size_t line) {
    if (mappings_.at(viewer).all() == 0 || (owner_ && owner_->writes) ||
        (viewer == IPU_VIEWER_USER && user_blind_)) {
        return std::nullopt;
    }
    prefetch(line);
    const auto& copy = cache_.at(line);
    if (copy && copy->value != truth_.at(line)) {
        return fmt::format("the CPU reads {} from line {} instead of {}", copy->value, line,
                           truth_.at(line));
    }
    return std::nullopt;
}

void World::cpu_write(ipu_viewer viewer, std::size_t line) {
    if (mappings_.at(viewer).writers == 0 || owner_) {
        return;
    }
    user_wrote_ = user_wrote_ || viewer == IPU_VIEWER_USER;
    truth_.at(line) = next_value_;
    cache_.at(line) = Copy{.value = next_value_++, .dirty = true};
}

std::optional<std::string> World::device_read(std::size_t line) {
    if (!owner_ || !owner_->reads) {
        return std::nullopt;
    }
    const auto& copy = cache_.at(line);
    const auto seen = owner_->snoops && copy ? copy->value : memory_.at(line);
    if (seen != truth_.at(line)) {
        return fmt::format("a device that {} reads {} from line {} instead of {}",
                           owner_->snoops ? "snoops" : "does not snoop", seen, line,
                           truth_.at(line));
    }
    return std::nullopt;
}

void World::device_write(std::size_t line) {
    if (!owner_ || !owner_->writes || line >= written_) {
        return;
    }
    truth_.at(line) = next_value_;
    if (owner_->allocates) {
        cache_.at(line) = Copy{.value = next_value_++, .dirty = true};
        return;
    }
    memory_.at(line) = next_value_++;
    if (owner_->snoops) {
        cache_.at(line).reset();
    }
}

void World::begin(std::uint8_t detail) {
    if (owner_) {
        return;
    }
    const bool reads = (detail & 1U) != 0;
    const bool snoops = (detail & 4U) != 0;
    const ipu_device_access access{.reads = reads,
                                   .writes = !reads || (detail & 2U) != 0,
                                   .snoops = snoops,
                                   .allocates = snoops && (detail & 32U) != 0};
    const bool hint = (detail & 16U) != 0 && !user_wrote_;
    perform(ipu_coherency_begin(&machine_, access, hint));
    owner_ = access;
    written_ = access.writes ? 1U + ((detail >> 3U) % lines) : 0;
}

/// The end of the access and the settling after it, as the backend does them; the plane may also be
/// handed to the next device without anybody settling.
void World::end(std::uint8_t detail) {
    if (!owner_) {
        return;
    }
    auto told = *owner_;
    told.allocates = told.allocates && !sabotage_.allocates;
    ipu_coherency_end(&machine_, told);
    const bool viewed =
        mappings_.at(IPU_VIEWER_USER).all() + mappings_.at(IPU_VIEWER_OTHER).all() != 0;
    if (viewed || (detail & 1U) != 0) {
        user_blind_ = (detail & 2U) != 0;
        perform(ipu_coherency_settle(
            &machine_, owner_->writes ? written_ * line_bytes : machine_.size, user_blind_));
    }
    owner_.reset();
}

void World::change_views(std::uint8_t detail) {
    const auto viewer = (detail & 1U) != 0 ? IPU_VIEWER_OTHER : IPU_VIEWER_USER;
    auto& mappings = mappings_.at(viewer);
    switch ((detail >> 1U) % 5U) {
    case 0:
        if (mappings.readers < most_views) {
            ++mappings.readers;
            perform(ipu_coherency_open_view(&machine_, viewer, false));
        }
        break;
    case 1:
        if (mappings.writers < most_views) {
            ++mappings.writers;
            perform(ipu_coherency_open_view(&machine_, viewer, true));
        }
        break;
    case 2:
        if (mappings.readers != 0) {
            --mappings.readers;
            ipu_coherency_close_view(&machine_, viewer, false);
        }
        break;
    case 3:
        if (mappings.writers != 0) {
            --mappings.writers;
            ipu_coherency_close_view(&machine_, viewer, true);
        }
        break;
    default:
        if (mappings.readers != 0 && mappings.writers < most_views) {
            --mappings.readers;
            ++mappings.writers;
            ipu_coherency_make_writable(&machine_, viewer);
        }
        break;
    }
}

unsigned World::details_of(std::uint8_t action) {
    switch (static_cast<Action>(action % actions)) {
    case Action::begin:
        return 64;
    case Action::end:
        return 4;
    case Action::views:
        return 10;
    default:
        return lines;
    }
}

std::optional<std::string> World::step(std::uint8_t action, std::uint8_t detail) {
    const std::size_t line = detail % lines;
    switch (static_cast<Action>(action % actions)) {
    case Action::prefetch:
        prefetch(line);
        break;
    case Action::evict:
        evict(line);
        break;
    case Action::user_read:
        return cpu_read(IPU_VIEWER_USER, line);
    case Action::user_write:
        cpu_write(IPU_VIEWER_USER, line);
        break;
    case Action::other_read:
        return cpu_read(IPU_VIEWER_OTHER, line);
    case Action::other_write:
        cpu_write(IPU_VIEWER_OTHER, line);
        break;
    case Action::device_read:
        return device_read(line);
    case Action::device_write:
        device_write(line);
        break;
    case Action::begin:
        begin(detail);
        break;
    case Action::end:
        end(detail);
        break;
    case Action::views:
        change_views(detail);
        break;
    }
    return std::nullopt;
}

} // namespace coherency
