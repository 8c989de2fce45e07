// SPDX-License-Identifier: GPL-2.0-or-later
// One PCI function behind the protocol: carries out requests on it, whoever transports them.
#pragma once

#include "lib/base/unique_fd.hpp"
#include "machine/vfio-user/irq.hpp"
#include "machine/vfio-user/message.hpp"
#include "machine/vfio-user/observer.hpp"
#include "machine/vfio-user/pci_function.hpp"

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace vfio_user {

/// A reply under construction: header and payload in one buffer, which is kept from message to
/// message.
class Reply {
  public:
    Reply() { clear(); }

    /// An empty payload and no descriptor.
    void clear() {
        bytes_.resize(sizeof(wire::Header));
        fd_ = -1;
    }
    template <typename T>
    void add(const T& object) {
        const auto bytes = wire::bytes_of(object);
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    /// Room for @p size more bytes, zero at first; valid until the next call.
    [[nodiscard]] std::span<std::byte> extend(std::size_t size) {
        bytes_.resize(bytes_.size() + size);
        return std::span{bytes_}.last(size);
    }
    /// Sends @p fd, which the caller keeps, along with the reply.
    void attach(int fd) { fd_ = fd; }

    /// Fills in the header for the answer to @p request; an @p error other than 0 drops the
    /// payload.
    void finish(const wire::Header& request, int error);

    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    [[nodiscard]] int fd() const { return fd_; }

  private:
    std::vector<std::byte> bytes_;
    int fd_{-1};
};

class Endpoint final : public Upstream {
  public:
    /// Attaches to @p function, which outlives this object. Throws std::invalid_argument for a
    /// mappable area that is not whole pages of its BAR.
    Endpoint(PciFunction& function, ServerOptions options);
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;
    Endpoint(Endpoint&&) = delete;
    Endpoint& operator=(Endpoint&&) = delete;
    ~Endpoint() override;

    [[nodiscard]] GuestMemory& memory() override { return memory_; }
    void raise_msi(unsigned vector) override;

    /// Carries out @p request, whose descriptors are @p fds, and adds the reply's payload to @p
    /// reply, with a descriptor only if the client @p takes_fds. VERSION is not for an endpoint:
    /// EINVAL.
    [[nodiscard]] Checked<void> execute(const Request& request, std::vector<base::UniqueFd> fds,
                                        bool takes_fds, Reply& reply);

    /// Whom to tell where an access met no window, while there is a client; only with
    /// ServerOptions::ask_client.
    void on_unmapped(std::function<void(Iova)> ask) { ask_ = std::move(ask); }

    void client_came();
    /// DMA windows and eventfds are dropped, the function keeps its state.
    void client_gone();

    void count_request() { ++statistics_.requests; }
    void count_refused() { ++statistics_.refused; }
    /// Tells the owner about @p error.
    void report(std::string_view error) const;
    [[nodiscard]] bool observed() const { return static_cast<bool>(options_.on_error); }
    [[nodiscard]] const Statistics& statistics() const { return statistics_; }

  private:
    Checked<void> map(const DmaMapRequest& request, std::vector<base::UniqueFd> fds);
    Checked<void> unmap(const DmaUnmapRequest& request, Reply& reply);
    Checked<void> region_info(const RegionInfoRequest& request, bool takes_fds, Reply& reply) const;
    Checked<void> read(const wire::RegionAccess& access, Reply& reply);
    Checked<void> write(const wire::RegionAccess& access, std::span<const std::byte> data);
    [[nodiscard]] Checked<void> check_access(const wire::RegionAccess& access) const;
    void reset();
    [[nodiscard]] std::uint64_t region_size(std::uint32_t index) const;
    /// Whether the function decodes its BARs.
    [[nodiscard]] bool accessible() const;
    /// Whether the function may send requests upstream: DMA, and MSI, which is a write.
    [[nodiscard]] bool may_master() const;

    PciFunction& function_;
    PciConfig& config_;
    ServerOptions options_;
    GuestMemory memory_;
    Interrupts interrupts_;
    Statistics statistics_;
    std::function<void(Iova)> ask_;
};

} // namespace vfio_user
