// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-cache-probe: finds out in the guest what the cache model does, with a DMA test function and
// without any driver. Each check tells apart a machine whose function snoops ("coherent"), one
// whose function does not ("noncoherent"), and one whose model only compares ("fast").
#include "lib/base/unique_fd.hpp"
#include "machine/cache-model/guest/dma_engine.hpp"
#include "machine/cache-model/guest/flushes.hpp"
#include "machine/cache-model/guest/pages.hpp"
#include "machine/cache-model/guest/stores.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sched.h>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace cache_probe {
namespace {

constexpr std::byte poison{0xdb}; // what the model puts where nothing was written back
constexpr std::byte device_byte{0xc3};

enum class Machine : std::uint8_t { coherent, noncoherent, fast };

class Probe {
  public:
    Probe(DmaEngine engine, Machine machine) : engine_{std::move(engine)}, machine_{machine} {
        std::ranges::fill(pattern_.bytes(), device_byte);
        flush(pattern_);
        flush(window_);
    }

    void run();
    [[nodiscard]] int failures() const { return failures_; }

  private:
    [[nodiscard]] bool coherent() const { return machine_ == Machine::coherent; }

    static void flush(const Pages& pages) {
        for (std::size_t at = 0; at < pages.bytes().size(); at += line_size) {
            clflushopt(pages.at(at));
        }
    }
    static void fill(std::byte* line, char letter) {
        std::fill_n(line, line_size, static_cast<std::byte>(letter));
        asm volatile("" ::"r"(line) : "memory");
    }
    [[nodiscard]] static std::byte look(const std::byte* at) {
        return *static_cast<const volatile std::byte*>(at);
    }
    /// The byte at @p offset as the device finds it.
    [[nodiscard]] std::byte dram(const Pages& pages, std::size_t offset) {
        const auto start = offset / line_size * line_size;
        engine_.copy(pages.physical(start), window_.physical(0), line_size);
        clflush(window_.at(0));
        return look(window_.at(offset % line_size));
    }
    /// The device writes the whole line.
    void device_writes(const Pages& pages, std::size_t offset) {
        engine_.copy(pattern_.physical(0), pages.physical(offset / line_size * line_size),
                     line_size);
    }

    void expect(std::string_view check, std::byte found, std::byte expected) {
        const bool right = found == expected;
        failures_ += right ? 0 : 1;
        fmt::print("{} {}", right ? "ok   " : "WRONG", check);
        if (!right) {
            fmt::print(": {:#04x} instead of {:#04x}", std::to_integer<unsigned>(found),
                       std::to_integer<unsigned>(expected));
        }
        fmt::print("\n");
    }
    void expect(std::string_view check, std::byte found, char expected) {
        expect(check, found, static_cast<std::byte>(expected));
    }

    void check_stores_and_flushes();
    void check_device_writes();
    void check_cleaning();
    void check_store_forms();
    void check_store_form(const StoreForm& form);
    void check_address_forms();
    void check_other_processor();
    void check_full_flush();
    void check_file_reads();

    DmaEngine engine_;
    Machine machine_;
    int failures_{0};
    Pages window_{1};  ///< clean, so that what the device puts there can be looked at
    Pages pattern_{1}; ///< what device_writes() writes
};

void Probe::check_stores_and_flushes() {
    const Pages page{1};
    fmt::print("physical address {:#x}\n", value(page.physical(0)));
    fill(page.at(0), 'A');
    expect("never flushed: poison", dram(page, 0),
           coherent() ? static_cast<std::byte>('A') : poison);
    clflush(page.at(0));
    expect("flushed: in memory", dram(page, 0), 'A');
    fill(page.at(0), 'B');
    expect("stored, not flushed: still the old bytes", dram(page, 0), coherent() ? 'B' : 'A');
    expect("and the processor sees its own", look(page.at(0)), 'B');
    clflush(page.at(0));
    expect("flushed again: the new ones", dram(page, 0), 'B');
}

void Probe::check_device_writes() {
    const Pages page{1};
    fill(page.at(0), 'A');
    clflush(page.at(0));
    device_writes(page, 0);
    expect("written by the device, not flushed: stale", look(page.at(0)),
           coherent() ? device_byte : static_cast<std::byte>('A'));
    clflush(page.at(0));
    expect("flushed: as the device wrote it", look(page.at(0)), device_byte);

    fill(page.at(64), 'A');
    clflush(page.at(64));
    fill(page.at(64), 'B'); // dirty when the device writes
    device_writes(page, 64);
    clflush(page.at(64));
    expect("written back over the device's bytes: lost", dram(page, 64),
           coherent() ? device_byte : static_cast<std::byte>('B'));
}

void Probe::check_cleaning() {
    const Pages page{1};
    clflush(page.at(0));
    fill(page.at(0), 'A');
    clwb(page.at(0));
    expect("clwb writes back", dram(page, 0), 'A');
    device_writes(page, 0);
    clwb(page.at(0));
    expect("clwb does not fetch", look(page.at(0)),
           coherent() ? device_byte : static_cast<std::byte>('A'));
    clflush(page.at(0));
    expect("clflush does", look(page.at(0)), device_byte);
}

/// A store that changes nothing: only a model that sees it keeps it over the device's bytes.
void Probe::check_store_form(const StoreForm& form) {
    const Pages pages{2};
    const auto base = form.offset / line_size * line_size;
    form.store(pages.at(form.offset));
    std::array<std::byte, 2 * page_size> stored{};
    std::ranges::copy(pages.bytes(), stored.begin());
    flush(pages);
    for (std::size_t line = 0; line < form.lines; ++line) {
        device_writes(pages, base + line * line_size);
    }
    form.store(pages.at(form.offset));
    if (coherent()) {
        // The device's bytes are there at once, and the store lands among them.
        const auto beside = base + (form.offset % line_size == 0 ? line_size - 1 : 0);
        expect(fmt::format("store: {}", form.name), look(pages.at(beside)),
               form.whole ? stored.at(beside) : device_byte);
        return;
    }
    flush(pages);
    for (std::size_t line = 0; line < form.lines; ++line) {
        // Any byte of it: a line is all the processor's or all the device's.
        const auto at = base + line * line_size + line_size - 1;
        const auto expected = machine_ == Machine::fast ? device_byte : stored.at(at);
        if (line == 0 || look(pages.at(at)) != expected) {
            expect(fmt::format("store: {}, line {} of {}", form.name, line, form.lines),
                   look(pages.at(at)), expected);
        }
    }
}

void Probe::check_store_forms() {
    for (const auto& form : store_forms) {
        check_store_form(form);
    }
}

void Probe::check_address_forms() {
    const Pages pages{3, true};
    flush(pages);
    for (const auto& form : address_forms) {
        const std::size_t offset = page_size; // room on both sides
        device_writes(pages, offset);
        form.flush(pages.at(offset));
        asm volatile("mfence" ::: "memory");
        expect(fmt::format("address: {}", form.name), look(pages.at(offset)), device_byte);
        fill(pages.at(offset), 'A');
        clflush(pages.at(offset));
    }
}

void move_to(unsigned processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    if (::sched_setaffinity(0, sizeof(set), &set) != 0) {
        throw std::system_error{errno, std::generic_category(), "cannot move to a processor"};
    }
}

void Probe::check_other_processor() {
    const Pages page{1};
    flush(page);
    move_to(0);
    fill(page.at(0), 'A');
    move_to(1);
    clflush(page.at(0));
    expect("stored on processor 0, flushed on 1", dram(page, 0), 'A');
    device_writes(page, 0);
    clflush(page.at(0));
    move_to(0);
    expect("flushed on processor 1, seen on 0", look(page.at(0)), device_byte);
}

/// A processor that goes offline flushes all of its cache before (Linux, native_play_dead()).
void Probe::check_full_flush() {
    const Pages page{1};
    flush(page);
    device_writes(page, 0);
    fill(page.at(64), 'A');
    move_to(0);
    const auto* online = "/sys/devices/system/cpu/cpu1/online";
    std::ofstream{online} << "0\n";
    // The write returns when the processor is dead to the kernel, which may be before its flush.
    std::ofstream{online} << "1\n"; // and this when it has gone through its start
    expect("wbinvd: fetched", look(page.at(0)), device_byte);
    expect("wbinvd: written back", dram(page, 64), 'A');
}

/// A file's bytes may come into memory without any instruction that stores them.
void Probe::check_file_reads() {
    constexpr std::size_t pages = 64;
    const char* path = "cache-probe.tmp";
    {
        std::ofstream file{path, std::ios::binary};
        file << std::string(pages * page_size, 'F');
    }
    const Pages buffer{pages};
    flush(buffer);
    const base::UniqueFd file{::open(path, O_RDONLY | O_CLOEXEC | O_DIRECT)};
    if (!file || ::read(file.get(), buffer.at(0), buffer.bytes().size()) !=
                     static_cast<ssize_t>(buffer.bytes().size())) {
        throw std::system_error{errno, std::generic_category(), "cannot read a file"};
    }
    (void)::unlink(path);
    expect("read from a file, not flushed", dram(buffer, 100),
           coherent() ? static_cast<std::byte>('F') : std::byte{0});
    flush(buffer);
    expect("read from a file, flushed", dram(buffer, 100), 'F');
}

void Probe::run() {
    check_stores_and_flushes();
    check_device_writes();
    check_cleaning();
    check_store_forms();
    check_address_forms();
    check_other_processor();
    check_full_flush();
    check_file_reads();
}

int run(std::string_view word) {
    Machine machine{};
    if (word == "coherent") {
        machine = Machine::coherent;
    } else if (word == "noncoherent") {
        machine = Machine::noncoherent;
    } else if (word == "fast") {
        machine = Machine::fast;
    } else {
        fmt::print(stderr, "Usage: ipu3-cache-probe coherent|noncoherent|fast\n");
        return 2;
    }
    auto engine = DmaEngine::find();
    if (!engine) {
        fmt::print(stderr, "ipu3-cache-probe: {}\n", engine.error().message);
        return 2;
    }
    Probe probe{std::move(*engine), machine};
    probe.run();
    fmt::print("{} wrong\n", probe.failures());
    return probe.failures() == 0 ? 0 : 1;
}

} // namespace
} // namespace cache_probe

int main(int argc, char** argv) {
    try {
        return cache_probe::run(argc == 2 ? argv[1] : "");
    } catch (const std::exception& error) {
        fmt::print(stderr, "ipu3-cache-probe: {}\n", error.what());
        return 2;
    }
}
