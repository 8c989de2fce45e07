// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/agent_protocol.hpp"

#include <gtest/gtest.h>
#include <random>

namespace ipu3::agent {
namespace {

TEST(AgentProtocol, HeaderBytesAreTypeZerosAndLittleEndianLength) {
    const auto bytes = encode(FrameType::stdout_data, std::string(0x0102, 'x'));
    ASSERT_EQ(bytes.size(), header_size + 0x0102);
    EXPECT_EQ(bytes.substr(0, header_size), std::string("\x07\0\0\0\x02\x01\0\0", header_size));
}

TEST(AgentProtocol, FramesSurviveAnyCutting) {
    const std::string binary("\0\xff\n\x01 binary", 11);
    const auto stream = encode(FrameType::stdin_data, binary) + encode(FrameType::stdin_end, "") +
                        encode(FrameType::exit, encode_number(0xdeadbeef));
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        FrameReader reader;
        std::vector<Frame> frames;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            reader.feed(std::string_view{stream}.substr(at, step));
            while (true) {
                auto frame = reader.next();
                ASSERT_TRUE(frame) << frame.error().message;
                if (!*frame) {
                    break;
                }
                frames.push_back(**frame);
            }
        }
        ASSERT_EQ(frames.size(), 3U) << "step " << step;
        EXPECT_EQ(frames[0].payload, binary);
        EXPECT_EQ(frames[1].type, FrameType::stdin_end);
        EXPECT_EQ(decode_number(frames[2].payload).value(), 0xdeadbeefU);
    }
}

TEST(AgentProtocol, RunRequestRoundTrip) {
    const RunRequest request{.arguments = {"sh", "-c", "echo 'a b'\n", ""},
                             .environment = {"TERM=xterm", "EMPTY="},
                             .directory = "/root",
                             .terminal = true,
                             .window = {.rows = 300, .columns = 1000}};
    EXPECT_EQ(decode_run(encode_run(request)).value(), request);
}

TEST(AgentProtocol, PhaseAndWindowRoundTrip) {
    const Phase phase{.name = "udev", .milliseconds = 1234};
    EXPECT_EQ(decode_phase(encode_phase(phase)).value(), phase);
    const WindowSize window{.rows = 1, .columns = 65535};
    EXPECT_EQ(decode_window(encode_window(window)).value(), window);
}

TEST(AgentProtocol, EveryTruncationAndAnyTrailingByteIsAnError) {
    const auto whole =
        encode_run({.arguments = {"true"}, .environment = {"A=1"}, .directory = "/"});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(decode_run(std::string_view{whole}.substr(0, size))) << size;
    }
    EXPECT_FALSE(decode_run(whole + "x"));
    EXPECT_FALSE(decode_number("123"));
    EXPECT_FALSE(decode_number("12345"));
    EXPECT_FALSE(decode_window("123"));
    EXPECT_FALSE(decode_phase("1234"));
}

TEST(AgentProtocol, RunRequestRefusesWhatExecCannotTake) {
    EXPECT_FALSE(decode_run(encode_run({.arguments = {}, .directory = "/"})));
    EXPECT_FALSE(decode_run(
        encode_run({.arguments = {std::string("a\0b", 3)}, .environment = {}, .directory = "/"})));
    // A list that claims four billion strings must fail at once, not allocate them.
    EXPECT_FALSE(decode_run(std::string(4, '\xff')));
}

TEST(AgentProtocol, HostileHeadersBreakTheStreamForGood) {
    for (const auto& header :
         {std::string(8, '\0'), std::string("\x7f\0\0\0\0\0\0\0", 8),
          std::string("\x07\x01\0\0\0\0\0\0", 8), std::string("\x07\0\0\0\xff\xff\xff\xff", 8)}) {
        FrameReader reader;
        reader.feed(header);
        EXPECT_FALSE(reader.next());
        reader.feed(encode(FrameType::stdin_end, ""));
        EXPECT_FALSE(reader.next()) << "the stream must stay broken";
    }
}

TEST(AgentProtocol, RandomBytesNeverYieldAnOversizedFrame) {
    std::mt19937 random{7};
    for (int round = 0; round < 2000; ++round) {
        FrameReader reader;
        std::string noise(random() % 64, '\0');
        for (auto& byte : noise) {
            byte = static_cast<char>(random() % 3 == 0 ? random() % 16 : 0);
        }
        reader.feed(noise);
        for (int i = 0; i < 16; ++i) {
            auto frame = reader.next();
            if (!frame || !*frame) {
                break;
            }
            EXPECT_LE((*frame)->payload.size(), noise.size());
            (void)decode_run((*frame)->payload);
            (void)decode_phase((*frame)->payload);
        }
    }
}

} // namespace
} // namespace ipu3::agent
