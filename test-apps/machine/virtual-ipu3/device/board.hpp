// SPDX-License-Identifier: GPL-2.0-or-later
// The board: which devices exist, what hangs on which bus, and the sockets they are served on.
#pragma once

#include "lib/base/result.hpp"
#include "machine/virtual-ipu3/cio2/cio2.hpp"
#include "machine/virtual-ipu3/dmatest/dma_test.hpp"
#include "machine/virtual-ipu3/imgu/firmware.hpp"
#include "machine/virtual-ipu3/imgu/imgu.hpp"
#include "machine/virtual-ipu3/lpss-i2c/lpss_i2c.hpp"
#include "machine/virtual-ipu3/scene/scene.hpp"
#include "machine/virtual-ipu3/sensors/catalogue.hpp"
#include "machine/virtual-ipu3/sensors/sensor.hpp"
#include "machine/virtual-ipu3/sim/fault_plan.hpp"
#include "machine/virtual-ipu3/sim/sabotage.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"
#include "machine/virtual-ipu3/sim/worker.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::device {

/// One deliberate mistake in the device models: the negative control that shows that the judges
/// (the kernel's drivers and the frame checker) would see a model that is wrong.
struct Sabotage {
    cio2::Sabotage cio2{cio2::Sabotage::none};
    imgu::Sabotage imgu{imgu::Sabotage::none};
    bool wrong_chip_id{false}; ///< of the sensors
};

/// Which part of the board makes @p mistake, and how.
[[nodiscard]] Sabotage sabotage_of(sim::Mistake mistake);

struct BoardSpec {
    std::vector<const sensors::CatalogueEntry*> sensors;
    std::string scene{"counter"};
    std::uint64_t seed{1};
    std::vector<sim::FaultSpec> faults;
    bool paced{false}; ///< sensors wait for a guest that is slow
    unsigned slow{1};  ///< how many times as long sensors' frames take
    Sabotage sabotage;
    unsigned dmatest{0};                 ///< DMA test functions, 0 to dmatest::DmaTest::functions
    std::filesystem::path imgu_firmware; ///< empty: a board without an ImgU
    imgu::Observer* imgu_observer{nullptr}; ///< outlives the board; or none
};

/// A PCI function of the board and the name of the socket that it is served on ("cio2" ->
/// cio2.sock).
struct BoardFunction {
    std::string_view name;
    vfio_user::PciFunction* function; ///< owned by the board
};

/// Who computes for whom. A job that has begun uses the board, so they end before it does.
struct Workers {
    sim::Worker& sensors;
    sim::Worker& imgu;
};

/// All devices of one virtual machine, wired up. Used on one thread, but for what goes to the
/// workers.
class Board {
  public:
    /// @p clock and @p trace outlive the board. Error: the scene's sentence when it
    /// cannot be made, or the firmware's.
    [[nodiscard]] static base::Result<std::unique_ptr<Board>>
    make(const BoardSpec& spec, sim::Scheduler& clock, Workers workers, sim::Trace& trace);

    [[nodiscard]] std::vector<BoardFunction> functions();

  private:
    Board(const BoardSpec& spec, std::unique_ptr<scene::Scene> scene,
          std::optional<imgu::Firmware> firmware, sim::Scheduler& clock, Workers workers,
          sim::Trace& trace);

    sim::FaultPlan faults_;
    std::unique_ptr<scene::Scene> scene_;
    cio2::Cio2 cio2_;
    std::array<i2c::LpssI2c, 2> i2c_;
    std::unique_ptr<imgu::Imgu> imgu_; ///< or none
    std::vector<std::unique_ptr<dmatest::DmaTest>> dmatest_;
    std::vector<std::unique_ptr<sensors::Sensor>>
        sensors_; ///< destroyed first: they call the others
};

} // namespace ipu3::device
