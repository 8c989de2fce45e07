// SPDX-License-Identifier: GPL-2.0-or-later
// ipu-dmatest-misuse: runs in the guest, does to the DMA test functions' driver what it should not
// like, and looks whether the backend still holds something.
#include "module-tests/ipu-dmatest/misuse/counters.hpp"
#include "module-tests/ipu-dmatest/misuse/tests.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <functional>

namespace {

using namespace ipu3::dmatest::misuse;

int run(int argc, char** argv) {
    CLI::App app{"Tests the memory backend by bad input, kills, and ends in every order"};
    app.require_subcommand(1);
    bool control = false;
    unsigned rounds = 60;
    std::uint32_t seed = 1;
    OrderOptions order;
    auto* input = app.add_subcommand("input", "bad sizes, indexes, user memory and dma-bufs");
    input->add_flag("--control", control, "negative control: two failures must be found");
    auto* kills = app.add_subcommand("kills", "processes that are killed amid calls");
    kills->add_option("--rounds", rounds, "how many processes");
    kills->add_option("--seed", seed, "of what they do");
    auto* orders = app.add_subcommand("orders", "all that ends a buffer, in every order");
    orders->add_flag("--full", order.full, "with the importer's unbinding, and all kills");
    orders->add_flag("--control", order.control, "negative control: memory must be found");
    CLI11_PARSE(app, argc, argv);

    Verdict verdict;
    std::vector<std::function<base::Result<void>()>> tests;
    if (input->parsed() && control) {
        tests.emplace_back([&] { return try_control(verdict); });
    } else if (input->parsed()) {
        tests.emplace_back([&] { return try_bad_buffers(verdict); });
        tests.emplace_back([&] { return try_bad_memory(verdict); });
        tests.emplace_back([&] { return try_full_space(verdict); });
    } else if (kills->parsed()) {
        tests.emplace_back([&] { return try_kills(verdict, rounds, seed); });
    } else {
        tests.emplace_back([&] { return try_orders(verdict, order); });
    }
    return ipu3::v4l2::run_all(verdict, tests);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "ipu-dmatest-misuse: {}\n", error.what());
        return 1;
    }
}
