// SPDX-License-Identifier: GPL-2.0-or-later
// The interrupts of one function, as the client set them up: MSI by eventfds.
#pragma once

#include "lib/base/unique_fd.hpp"
#include "machine/vfio-user/message.hpp"

#include <cstdint>
#include <vector>

namespace vfio_user {

/// Interrupt types that GET_INFO announces: INTx, MSI and MSI-X, of which only MSI has vectors.
/// QEMU wants these three (hw/vfio/pci.c); it asks for the error and request types too and goes on
/// without them when they do not exist, as on any conventional PCI function.
inline constexpr std::uint32_t irq_types = 3;

class Interrupts {
  public:
    explicit Interrupts(unsigned msi_vectors) : vectors_(msi_vectors) {}

    /// Vectors of interrupt type @p index; EINVAL for a type that does not exist.
    [[nodiscard]] Checked<std::uint32_t> count(std::uint32_t index) const;

    /// SET_IRQS. Takes @p fds; all of them are eventfds, or none is taken. Errors: EINVAL.
    [[nodiscard]] Checked<void> set(const SetIrqsRequest& request, std::vector<base::UniqueFd> fds);

    /// Signals the eventfd of vector @p number, or remembers it while the vector is masked. True
    /// when it was signalled.
    bool raise(unsigned number);

    /// Forgets what is pending (a reset of the device).
    void reset();
    /// Closes all eventfds and unmasks (the client went away).
    void clear();

  private:
    struct Vector {
        base::UniqueFd eventfd;
        bool masked{false};
        bool pending{false};
    };
    std::vector<Vector> vectors_;
};

} // namespace vfio_user
