// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/agent_protocol.hpp"

#include <algorithm>

namespace ipu3::agent {
namespace {

constexpr std::uint32_t max_strings = 65536;

void put_u8(std::string& out, std::uint8_t value) {
    out.push_back(static_cast<char>(value));
}

void put_u16(std::string& out, std::uint16_t value) {
    put_u8(out, static_cast<std::uint8_t>(value & 0xffU));
    put_u8(out, static_cast<std::uint8_t>(value >> 8U));
}

void put_u32(std::string& out, std::uint32_t value) {
    put_u16(out, static_cast<std::uint16_t>(value & 0xffffU));
    put_u16(out, static_cast<std::uint16_t>(value >> 16U));
}

void put_string(std::string& out, std::string_view text) {
    put_u32(out, static_cast<std::uint32_t>(text.size()));
    out.append(text);
}

void put_list(std::string& out, const std::vector<std::string>& list) {
    put_u32(out, static_cast<std::uint32_t>(list.size()));
    for (const auto& text : list) {
        put_string(out, text);
    }
}

std::uint32_t load_u32(std::string_view bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8U * i);
    }
    return value;
}

/// Takes fields off the front of a payload. A field that is not there makes the whole payload bad,
/// which finish() tells; until then the getters answer with empty values.
class Fields {
  public:
    explicit Fields(std::string_view payload) : rest_{payload} {}

    std::string_view bytes(std::size_t count) {
        if (rest_.size() < count) {
            good_ = false;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    std::uint8_t u8() {
        const auto raw = bytes(1);
        return raw.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(raw[0]);
    }
    std::uint16_t u16() {
        const unsigned low = u8();
        const unsigned high = u8();
        return static_cast<std::uint16_t>(low | (high << 8U));
    }
    std::uint32_t u32() {
        const auto raw = bytes(4);
        return raw.empty() ? 0 : load_u32(raw);
    }
    std::string text() {
        const auto size = u32();
        const auto raw = bytes(size);
        // These become C strings: an embedded NUL would silently cut one short.
        if (raw.find('\0') != std::string_view::npos) {
            good_ = false;
        }
        return std::string{raw};
    }
    std::vector<std::string> list() {
        const auto count = u32();
        if (count > max_strings) {
            good_ = false;
        }
        std::vector<std::string> strings;
        for (std::uint32_t i = 0; good_ && i < count; ++i) {
            strings.push_back(text());
        }
        return strings;
    }
    [[nodiscard]] bool finish() const { return good_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_{true};
};

} // namespace

std::string encode(FrameType type, std::string_view payload) {
    std::string out;
    out.reserve(header_size + payload.size());
    put_u32(out, static_cast<std::uint32_t>(type)); // the type and three zero bytes
    put_string(out, payload);
    return out;
}

std::string encode_number(std::uint32_t value) {
    std::string out;
    put_u32(out, value);
    return out;
}

base::Result<std::uint32_t> decode_number(std::string_view payload) {
    Fields fields{payload};
    const auto value = fields.u32();
    if (!fields.finish()) {
        return base::fail("a number frame has {} bytes", payload.size());
    }
    return value;
}

std::string encode_window(WindowSize window) {
    std::string out;
    put_u16(out, window.rows);
    put_u16(out, window.columns);
    return out;
}

base::Result<WindowSize> decode_window(std::string_view payload) {
    Fields fields{payload};
    WindowSize window;
    window.rows = fields.u16();
    window.columns = fields.u16();
    if (!fields.finish()) {
        return base::fail("a window frame has {} bytes", payload.size());
    }
    return window;
}

std::string encode_phase(const Phase& phase) {
    std::string out;
    put_u32(out, phase.milliseconds);
    put_string(out, phase.name);
    return out;
}

base::Result<Phase> decode_phase(std::string_view payload) {
    Fields fields{payload};
    Phase phase;
    phase.milliseconds = fields.u32();
    phase.name = fields.text();
    if (!fields.finish()) {
        return base::fail("a phase frame is malformed");
    }
    return phase;
}

std::string encode_run(const RunRequest& request) {
    std::string out;
    put_list(out, request.arguments);
    put_list(out, request.environment);
    put_string(out, request.directory);
    put_u8(out, request.terminal ? 1 : 0);
    out += encode_window(request.window);
    return out;
}

base::Result<RunRequest> decode_run(std::string_view payload) {
    Fields fields{payload};
    RunRequest request;
    request.arguments = fields.list();
    request.environment = fields.list();
    request.directory = fields.text();
    request.terminal = fields.u8() != 0;
    request.window.rows = fields.u16();
    request.window.columns = fields.u16();
    if (!fields.finish()) {
        return base::fail("the run frame is malformed");
    }
    if (request.arguments.empty()) {
        return base::fail("the run frame names no command");
    }
    return request;
}

void FrameReader::feed(std::string_view bytes) {
    buffer_.erase(0, position_);
    position_ = 0;
    buffer_.append(bytes);
}

base::Result<std::optional<Frame>> FrameReader::next() {
    if (broken_) {
        return tl::unexpected<base::Error>{*broken_};
    }
    const auto rest = std::string_view{buffer_}.substr(position_);
    if (rest.size() < header_size) {
        return std::optional<Frame>{};
    }
    const auto type = load_u32(rest);
    const auto length = load_u32(rest.substr(4));
    if (type == 0 || type > static_cast<std::uint32_t>(FrameType::last)) {
        broken_ = base::Error{fmt::format("a frame of unknown type {:#x} arrived", type)};
        return tl::unexpected<base::Error>{*broken_};
    }
    if (length > max_payload) {
        broken_ = base::Error{
            fmt::format("a frame of {} bytes arrived; the limit is {}", length, max_payload)};
        return tl::unexpected<base::Error>{*broken_};
    }
    if (rest.size() - header_size < length) {
        return std::optional<Frame>{};
    }
    Frame frame{static_cast<FrameType>(type), std::string{rest.substr(header_size, length)}};
    position_ += header_size + length;
    return std::optional<Frame>{std::move(frame)};
}

} // namespace ipu3::agent
