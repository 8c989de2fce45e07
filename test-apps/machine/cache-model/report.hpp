// SPDX-License-Identifier: GPL-2.0-or-later
// What a run's cache model has to say at the end.
#pragma once

#include "machine/cache-model/model.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ipu3::cache {

/// The whole state as JSON; docs/cache-model.md explains each field. Pages are listed only where
/// something went wrong, at most @p page_limit of them, lowest address first.
[[nodiscard]] nlohmann::json report(CacheModel& model, std::size_t page_limit = 1000);

/// The totals of a report() in one line for a person.
[[nodiscard]] std::string summary(const nlohmann::json& report);

} // namespace ipu3::cache
