// SPDX-License-Identifier: GPL-2.0-or-later
// What the ImgU's programs do from the moment that the driver starts them: the bootloader on the
// ISP, the programs of SP0 and SP1.
//
// They are models of programs, not the programs; but they load what the driver points them to, and
// do not run if that is not what the firmware file holds.
#pragma once

#include "machine/virtual-ipu3/imgu/firmware.hpp"
#include "machine/virtual-ipu3/imgu/local_memory.hpp"
#include "machine/virtual-ipu3/imgu/mapped_memory.hpp"
#include "machine/virtual-ipu3/imgu/queues.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace ipu3::imgu {

class Microcode {
  public:
    static constexpr unsigned sps = 2;

    /// The arguments outlive it.
    Microcode(const Firmware& firmware, MappedMemory& memory, LocalMemory& isp_dmem,
              std::array<LocalMemory, sps>& sp_dmem, sim::Trace& trace);

    /// The driver has started the ISP at @p entry of the program at @p program: runs the bootloader
    /// to its end.
    void start_isp(std::uint32_t entry, Address program);
    /// The driver has started SP @p number at @p entry; @p program is where its cached part is.
    /// True when it runs.
    [[nodiscard]] bool start_sp(unsigned number, std::uint32_t entry, Address program);
    /// The driver has written to SP @p number's memory. True when that told it to end.
    [[nodiscard]] bool told_to_end(unsigned number, std::uint64_t from, std::uint64_t size);
    /// SP @p number has ended.
    void ended(unsigned number);

    [[nodiscard]] Queues& queues() { return queues_; }
    /// Where SP0 finds what the driver says of the pipes.
    [[nodiscard]] Address group() const;
    void reset();

  private:
    enum class State : std::uint8_t { terminated = 0, initialized = 1 };

    [[nodiscard]] bool boot(std::uint32_t entry, Address program);
    [[nodiscard]] bool is_at(Address address, std::span<const std::byte> wanted);
    [[nodiscard]] bool load_text(unsigned command);
    void set_state(unsigned number, State state);
    [[nodiscard]] bool refuse(std::string_view why);

    const Firmware& firmware_;
    MappedMemory& memory_;
    LocalMemory& isp_dmem_;
    std::array<LocalMemory, sps>& sp_dmem_;
    sim::Trace& trace_;
    Queues queues_;
    std::array<bool, sps> loaded_{};
};

} // namespace ipu3::imgu
