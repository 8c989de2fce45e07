// SPDX-License-Identifier: GPL-2.0-or-later
// The table is judged after iasl has compiled it, by reading the bytes as the kernel does.
#include "machine/virtual-ipu3/acpi/ssdt.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace ipu3::acpi {
namespace {

using sensors::CatalogueEntry;
using ::testing::HasSubstr;

const CatalogueEntry front{.model = "ov5693",
                           .hid = "INT33BE",
                           .i2c_address = 0x36,
                           .i2c_bus = 0,
                           .csi_port = 1,
                           .lanes = 2,
                           .mclk_hz = 19200000,
                           .where = "front"};
const CatalogueEntry back{.model = "ov8865",
                          .hid = "INT347A",
                          .i2c_address = 0x10,
                          .i2c_bus = 1,
                          .csi_port = 0,
                          .lanes = 4,
                          .mclk_hz = 24000000,
                          .where = "back"};
const CatalogueEntry second_front{.model = "ov2740",
                                  .hid = "INT3474",
                                  .i2c_address = 0x37,
                                  .i2c_bus = 0,
                                  .csi_port = 2,
                                  .lanes = 2,
                                  .mclk_hz = 19200000,
                                  .where = "front"};

CatalogueEntry with_lens() {
    auto entry = back;
    entry.vcm_type = 4;
    entry.vcm_address = 0x0c;
    return entry;
}

class Directory {
  public:
    Directory() {
        auto name = (std::filesystem::temp_directory_path() / "ssdt-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::filesystem::filesystem_error{
                "mkdtemp", name, std::error_code{errno, std::generic_category()}};
        }
        path_ = name;
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    Directory(Directory&&) = delete;
    Directory& operator=(Directory&&) = delete;
    ~Directory() {
        std::error_code ignored; // nothing depends on the directory being gone
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

std::string slurp(const std::filesystem::path& path) {
    const std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct Compiled {
    int status{-1};
    std::string messages;
    std::string aml;
};

/// Runs iasl with warnings as errors.
Compiled compile(std::string_view asl) {
    const Directory directory;
    const auto source = directory / "table.asl";
    const auto output = directory / "messages";
    std::ofstream{source} << asl;

    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    std::array<std::string, 3> words{"iasl", "-we", source.string()};
    std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
    pid_t child = 0;
    const int error = posix_spawnp(&child, "iasl", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    Compiled result;
    if (error != 0) {
        result.messages =
            fmt::format("iasl (Debian: acpica-tools): {}", std::generic_category().message(error));
        return result;
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result.messages = slurp(output);
    result.aml = slurp(directory / "table.aml");
    return result;
}

Compiled compile(const std::vector<const CatalogueEntry*>& sensors) {
    return compile(ssdt_asl(sensors));
}

std::uint32_t little(std::string_view bytes, std::size_t at, unsigned count) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
        value |= std::uint32_t{static_cast<std::uint8_t>(bytes.at(at + i))} << (8 * i);
    }
    return value;
}

/// The AML of the device named @p name, from its name to the next device or the end.
std::string_view device_of(std::string_view aml, std::string_view name) {
    const auto start = aml.find(name);
    if (start == std::string_view::npos) {
        return {};
    }
    const auto next = aml.find("CAM", start + 4);
    return aml.substr(start, next == std::string_view::npos ? next : next - start);
}

/// The bytes of the buffer called @p name: NameString BufferOp PkgLength BufferSize bytes (ACPI
/// §20.2).
std::string_view buffer_of(std::string_view aml, std::string_view name) {
    auto at = aml.find(name) + name.size();
    if (aml.at(at++) != 0x11) {
        return {};
    }
    at += 1U + (little(aml, at, 1) >> 6U); // package length
    if (aml.at(at++) != 0x0a) {            // BytePrefix
        return {};
    }
    const auto size = static_cast<std::uint8_t>(aml.at(at++));
    return aml.substr(at, size);
}

/// What ipu-bridge makes of an SSDB buffer, by the offsets of its packed structure.
struct Ssdb {
    explicit Ssdb(std::string_view b)
        : size{b.size()}, link{little(b, 28, 1)}, lanes{little(b, 29, 1)}, vcm{little(b, 79, 1)},
          degree{little(b, 84, 1)}, mclk{little(b, 86, 4)}, control_logic{little(b, 90, 1)} {}
    std::size_t size;
    std::uint32_t link;
    std::uint32_t lanes;
    std::uint32_t vcm;
    std::uint32_t degree;
    std::uint32_t mclk;
    std::uint32_t control_logic;
};

/// A generic serial bus descriptor (ACPI §6.4.3.8.2) in a _CRS.
struct I2cResource {
    explicit I2cResource(std::string_view crs)
        : tag{little(crs, 0, 1)}, type{little(crs, 5, 1)}, speed{little(crs, 12, 4)},
          address{little(crs, 16, 2)}, source{crs.substr(18, crs.find('\0', 18) - 18)} {}
    std::uint32_t tag;
    std::uint32_t type;
    std::uint32_t speed;
    std::uint32_t address;
    std::string source;
};

/// Panel of a _PLD: bits 67 to 69 of its buffer (ACPI §6.1.8): 4 front, 5 back.
std::uint32_t panel_of(std::string_view device) {
    const auto pld = device.substr(device.find("_PLD") + 4);
    // PackageOp PkgLength NumElements, then the buffer's BufferOp.
    const auto buffer = pld.find('\x11');
    return (little(pld, buffer + 4 + 8, 1) >> 3) & 7;
}

void expect_describes(std::string_view aml, const CatalogueEntry& sensor,
                      std::string_view controller) {
    const auto name = fmt::format("CAM{}", sensor.csi_port);
    const auto device = device_of(aml, name);
    ASSERT_FALSE(device.empty()) << name;
    EXPECT_THAT(std::string{device}, HasSubstr(std::string{sensor.hid}));

    const Ssdb ssdb{buffer_of(device, "SSDB")};
    EXPECT_EQ(ssdb.size, 108U);
    EXPECT_EQ(ssdb.link, sensor.csi_port);
    EXPECT_EQ(ssdb.lanes, sensor.lanes_untold ? 0 : sensor.lanes);
    EXPECT_EQ(ssdb.mclk, sensor.mclk_hz);
    EXPECT_EQ(ssdb.vcm, sensor.vcm_type);
    EXPECT_EQ(ssdb.degree, 0U);
    EXPECT_EQ(ssdb.control_logic, 0U);

    const I2cResource resource{buffer_of(device, "_CRS")};
    EXPECT_EQ(resource.tag, 0x8eU);
    EXPECT_EQ(resource.type, 1U); // I2C
    EXPECT_EQ(resource.speed, 400000U);
    EXPECT_EQ(resource.address, sensor.i2c_address);
    EXPECT_EQ(resource.source, controller);

    EXPECT_EQ(panel_of(device), sensor.where == "front" ? 4U : 5U);

    // The lens's motor: one more resource, of which only the address differs.
    const auto crs = buffer_of(device, "_CRS");
    const auto length = 3 + little(crs, 1, 2);
    const auto rest = crs.substr(std::min<std::size_t>(length, crs.size()));
    EXPECT_EQ(little(rest, 0, 1), sensor.vcm_type != 0 ? 0x8eU : 0x79U); // or the end tag
    if (sensor.vcm_type != 0) {
        const I2cResource lens{rest};
        EXPECT_EQ(lens.address, sensor.vcm_address);
        EXPECT_EQ(lens.source, controller);
    }
}

TEST(Ssdt, DescribesEachSensor) {
    const auto compiled = compile({&front, &back, &second_front});
    ASSERT_EQ(compiled.status, 0) << compiled.messages;
    EXPECT_THAT(compiled.messages, HasSubstr("0 Errors, 0 Warnings, 0 Remarks"));
    expect_describes(compiled.aml, front, "\\_SB.PCI0.SA8");
    expect_describes(compiled.aml, second_front, "\\_SB.PCI0.SA8");
    expect_describes(compiled.aml, back, "\\_SB.PCI0.SA9");
}

TEST(Ssdt, TellsOfALensAndCanKeepQuietAboutLanes) {
    const auto lens = with_lens();
    auto odd = front;
    odd.lanes_untold = true;
    const auto compiled = compile({&lens, &odd});
    ASSERT_EQ(compiled.status, 0) << compiled.messages;
    expect_describes(compiled.aml, lens, "\\_SB.PCI0.SA9");
    expect_describes(compiled.aml, odd, "\\_SB.PCI0.SA8");
}

TEST(Ssdt, LeavesOutTheControllerThatHasNoSensor) {
    const auto compiled = compile({&back});
    ASSERT_EQ(compiled.status, 0) << compiled.messages;
    EXPECT_EQ(compiled.aml.find("SA8_"), std::string::npos);
    expect_describes(compiled.aml, back, "\\_SB.PCI0.SA9");
}

TEST(Ssdt, WithoutSensorsIsAValidEmptyTable) {
    const auto compiled = compile(std::vector<const CatalogueEntry*>{});
    ASSERT_EQ(compiled.status, 0) << compiled.messages;
    EXPECT_EQ(compiled.aml.size(), 36U); // the header and nothing else
    EXPECT_EQ(compiled.aml.substr(0, 4), "SSDT");
    EXPECT_EQ(compiled.aml.substr(10, 6), "IPU3VM");
}

TEST(Ssdt, TheCompilerWouldSayIfTheTextWereWrong) {
    // Negative control: the same text with a name that is too long.
    auto asl = ssdt_asl(std::array{&front});
    const auto at = asl.find("Device (CAM1)");
    ASSERT_NE(at, std::string::npos);
    asl.replace(at, 13, "Device (CAM1x)");
    EXPECT_NE(compile(asl).status, 0);
}

TEST(Ssdt, RefusesWhatNoTableCanDescribe) {
    const auto with = [](auto change) {
        auto entry = front;
        change(entry);
        return entry;
    };
    for (const auto& entry : {
             with([](auto& e) { e.hid = "INT33BE\") Name (X, \""; }),
             with([](auto& e) { e.hid = "int33be"; }),
             with([](auto& e) { e.hid = "INT33BG"; }),
             with([](auto& e) { e.hid = ""; }),
             with([](auto& e) { e.i2c_bus = 2; }),
             with([](auto& e) { e.i2c_address = 0x80; }),
             with([](auto& e) { e.vcm_address = 0x80; }),
             with([](auto& e) { e.csi_port = 4; }),
             with([](auto& e) { e.lanes = 0; }),
             with([](auto& e) { e.lanes = 5; }),
             with([](auto& e) { e.mclk_hz = 0; }),
             with([](auto& e) { e.where = "top"; }),
         }) {
        EXPECT_THROW((void)ssdt_asl(std::array{&entry}), std::invalid_argument);
    }
    const auto twice = with([](auto& e) { e.i2c_address = 0x37; });
    EXPECT_THROW((void)ssdt_asl(std::array{&front, &twice}), std::invalid_argument);
    EXPECT_NO_THROW((void)ssdt_asl(std::array{&front, &back}));
}

} // namespace
} // namespace ipu3::acpi
