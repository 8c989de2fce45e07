// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-frames/explain.hpp"

#include "lib/base/number.hpp"

#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>

namespace frames {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t page_bytes = BadFrame::page_bytes;

/// "0x12345000"
std::optional<std::uint64_t> parse_address(const Json& json) {
    const auto text = json.get<std::string>();
    if (!text.starts_with("0x")) {
        return std::nullopt;
    }
    return base::parse_number<std::uint64_t>(std::string_view{text}.substr(2), 16);
}

std::string text_or_nothing(const Json& json) {
    return json.is_null() ? std::string{} : json.get<std::string>();
}

std::optional<std::uint64_t> address_of(const CaptureLog& capture, const BadFrame& frame,
                                        std::size_t page) {
    if (frame.index >= capture.written.size()) {
        return std::nullopt;
    }
    const auto& pages = capture.buffers.at(capture.written[frame.index]);
    return page < pages.size() ? pages[page] : std::nullopt;
}

/// What the counts of some pages say, a line each.
std::string verdict(const CachePage& sum) {
    const auto device = sum.last_writer.empty() ? std::string{"a device"} : sum.last_writer;
    std::string text;
    auto out = std::back_inserter(text);
    if (sum.stale_loads > 0) {
        fmt::format_to(out,
                       "  processors loaded stale bytes {} times: no flush came between {}'s write "
                       "and them, at buf_finish, begin_cpu_access or a view's opening\n",
                       sum.stale_loads, device);
    }
    if (sum.stale_at_end > 0) {
        fmt::format_to(out,
                       "  {} lines were stale at the end: nobody flushed them after {}'s last "
                       "write (right, if no processor looked since)\n",
                       sum.stale_at_end, device);
    }
    if (sum.writes_over_dirty > 0) {
        fmt::format_to(out,
                       "  {} wrote {} lines that a cache had dirty: the flush before its write, at "
                       "prepare, was missing, or the page was another's then\n",
                       device, sum.writes_over_dirty);
    }
    if (sum.lost_writes > 0) {
        fmt::format_to(out,
                       "  {} lines of {}'s were overwritten by a cache's: flushed too late, or "
                       "stored to before the flush after the write\n",
                       sum.lost_writes, device);
    }
    if (sum.poison_reads + sum.stale_reads > 0) {
        fmt::format_to(out,
                       "  {} read {} lines that were in a cache only: the flush before its read "
                       "was missing\n",
                       sum.last_reader.empty() ? "a device" : sum.last_reader,
                       sum.poison_reads + sum.stale_reads);
    }
    return text;
}

std::string explain_one(const BadFrame& frame, const CaptureLog& capture, const CacheLog& cache) {
    std::string text;
    auto out = std::back_inserter(text);
    if (const auto& first = frame.first) {
        fmt::format_to(out,
                       "frame {}: first bad pixel at column {}, line {}: byte {}, cache line {}",
                       frame.index, first->x, first->y, first->byte, first->cache_line());
    } else {
        fmt::format_to(out, "frame {}: as a whole an old frame", frame.index);
    }
    if (frame.index >= capture.written.size()) {
        return text + "; the capture's report has no such frame\n";
    }
    fmt::format_to(out, "; buffer {}", capture.written[frame.index]);
    if (frame.first) {
        const auto byte = std::uint64_t{frame.first->byte};
        if (const auto page = address_of(capture, frame, byte / page_bytes)) {
            fmt::format_to(out, ", guest address {:#x}", *page + byte % page_bytes);
        }
    }
    text += '\n';

    CachePage sum;
    std::size_t known = 0;
    std::size_t unknown = 0;
    for (const auto page : frame.pages) {
        const auto address = address_of(capture, frame, page);
        if (!address) {
            ++unknown;
            continue;
        }
        if (const auto found = cache.pages.find(*address); found != cache.pages.end()) {
            ++known;
            sum += found->second;
        }
    }
    fmt::format_to(out, "  of its {} bad pages the cache model saw something wrong with {}{}",
                   frame.pages.size(), known,
                   known > 0 && !sum.last_writer.empty() ? ", last written by " + sum.last_writer
                                                         : "");
    if (unknown > 0) {
        fmt::format_to(out, "; where {} of them lay is not known", unknown);
    }
    text += '\n';
    if (known > 0) {
        return text + verdict(sum);
    }
    return text + (cache.loads ? "  so no missing flush is to blame, as far as the report goes\n"
                               : "  (a processor's loads were not watched: --cache-loads)\n");
}

} // namespace

base::Result<CaptureLog> parse_capture_log(std::string_view text) {
    CaptureLog log;
    try {
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size());
            const auto line = text.substr(at, end - at);
            at = end + 1;
            if (line.empty()) {
                continue;
            }
            const auto json = Json::parse(line);
            if (json.contains("buffers")) {
                for (const auto& runs : json.at("buffers")) {
                    auto& pages = log.buffers.emplace_back();
                    for (const auto& run : runs) {
                        const auto address =
                            run.at(0).is_null() ? std::nullopt : parse_address(run.at(0));
                        const auto count = run.at(1).get<std::uint64_t>();
                        // A frame of 2^30 bytes, the largest that is checked, has so many.
                        if (count > (std::uint64_t{1} << 18U)) {
                            return base::fail("a buffer of {} pages", count);
                        }
                        for (std::uint64_t page = 0; page < count; ++page) {
                            pages.push_back(address ? std::optional{*address + page * page_bytes}
                                                    : std::nullopt);
                        }
                    }
                }
            } else if (json.contains("buffer") && json.at("written").get<bool>()) {
                log.written.push_back(json.at("buffer").get<std::uint32_t>());
            }
        }
    } catch (const nlohmann::json::exception& error) {
        return base::fail("this is not what ipu3-capture --json writes: {}", error.what());
    }
    if (log.buffers.empty()) {
        return base::fail("no buffer's pages are told: ipu3-capture --json --pages");
    }
    for (const auto buffer : log.written) {
        if (buffer >= log.buffers.size()) {
            return base::fail("a frame in buffer {}, of which there are {}", buffer,
                              log.buffers.size());
        }
    }
    return log;
}

CachePage& CachePage::operator+=(const CachePage& other) {
    if (!other.last_writer.empty()) {
        last_writer = other.last_writer;
    }
    if (!other.last_reader.empty()) {
        last_reader = other.last_reader;
    }
    poison_reads += other.poison_reads;
    stale_reads += other.stale_reads;
    writes_over_dirty += other.writes_over_dirty;
    lost_writes += other.lost_writes;
    stale_loads += other.stale_loads;
    stale_at_end += other.stale_at_end;
    return *this;
}

base::Result<CacheLog> parse_cache_log(std::string_view text) {
    CacheLog log;
    try {
        const auto json = Json::parse(text);
        log.loads = json.at("loads").get<bool>();
        log.wrong_pages = json.at("wrong_pages").get<std::uint64_t>();
        for (const auto& page : json.at("pages")) {
            const auto address = parse_address(page.at("address"));
            if (!address) {
                return base::fail("'{}' is no address", page.at("address").dump());
            }
            const auto number = [&page](const char* name) {
                return page.at(name).get<std::uint64_t>();
            };
            log.pages[*address] = CachePage{.last_writer = text_or_nothing(page.at("last_writer")),
                                            .last_reader = text_or_nothing(page.at("last_reader")),
                                            .poison_reads = number("poison_reads"),
                                            .stale_reads = number("stale_reads"),
                                            .writes_over_dirty = number("writes_over_dirty_lines"),
                                            .lost_writes = number("lost_writes"),
                                            .stale_loads = number("stale_loads"),
                                            .stale_at_end = number("stale_lines_at_end")};
        }
    } catch (const nlohmann::json::exception& error) {
        return base::fail("this is not a cache.json of ipu3-vm: {}", error.what());
    }
    return log;
}

std::string explain(std::span<const BadFrame> bad, const CaptureLog& capture,
                    const CacheLog& cache) {
    std::string text;
    for (const auto& frame : bad) {
        text += explain_one(frame, capture, cache);
    }
    if (cache.wrong_pages > cache.pages.size()) {
        text += fmt::format("note: cache.json lists {} of {} pages with something wrong\n",
                            cache.pages.size(), cache.wrong_pages);
    }
    return text;
}

} // namespace frames
