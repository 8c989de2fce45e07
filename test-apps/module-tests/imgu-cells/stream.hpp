// SPDX-License-Identifier: GPL-2.0-or-later
// One pipe's stream of a cell: a buffer at each node, and frames one at a time, so that what the
// driver is told does not depend on how fast anybody is.
#pragma once

#include "lib/base/result.hpp"
#include "lib/v4l2/memory.hpp"
#include "module-tests/imgu-answers/pipe.hpp"
#include "module-tests/imgu-cells/cell.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imgu_cells {

class Stream {
  public:
    /// Sets mode, formats and rectangles, and writes down what became of them, each line with
    /// @p label in front. @p pipe must outlive it.
    Stream(const imgu_answers::Pipe& pipe, const CellPipe& wanted, std::string label);
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    Stream(Stream&&) = delete;
    Stream& operator=(Stream&&) = delete;
    /// Ends the stream and gives the buffers back.
    ~Stream();

    /// A buffer at each node.
    [[nodiscard]] base::Result<void> allocate();
    /// All nodes, those that frames come from first.
    [[nodiscard]] base::Result<void> start();
    /// Gives each node its buffer, the input last, and the parameters theirs if there are any for
    /// frame @p number.
    [[nodiscard]] base::Result<void> queue(std::size_t number);
    /// Waits until all have come back, and writes down what came.
    [[nodiscard]] base::Result<void> collect(std::size_t number);

  private:
    [[nodiscard]] base::Result<void> collect(const imgu_answers::Node& node, std::size_t number);
    [[nodiscard]] bool has_parameters(std::size_t number) const {
        return number < wanted_.sets.size();
    }

    const imgu_answers::Pipe& pipe_;
    CellPipe wanted_;
    std::string label_;
    std::optional<ipu3::v4l2::Mapping> parameters_;
};

} // namespace imgu_cells
