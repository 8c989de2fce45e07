// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/membench/plugin/nesting.hpp"

#include <gtest/gtest.h>

namespace ipu3::membench {
namespace {

TEST(Nesting, AnInterruptIsUndone) {
    Nesting nesting;
    nesting.interrupt({100, 3});
    EXPECT_EQ(nesting.leave(), (Counts{100, 3}));
    EXPECT_EQ(nesting.leave(), std::nullopt);
}

TEST(Nesting, AnExceptionIsNot) {
    Nesting nesting;
    nesting.exception();
    EXPECT_EQ(nesting.leave(), std::nullopt);
}

TEST(Nesting, AnExceptionWithinAnInterruptGoesWithIt) {
    Nesting nesting;
    nesting.interrupt({100, 3});
    nesting.exception();
    EXPECT_EQ(nesting.leave(), std::nullopt);
    EXPECT_EQ(nesting.leave(), (Counts{100, 3}));
}

TEST(Nesting, WhatWasBeforeTheMeasurementIsForgotten) {
    Nesting nesting;
    nesting.interrupt({100, 3});
    nesting.forget();
    EXPECT_EQ(nesting.leave(), std::nullopt);
}

TEST(Nesting, StaysInStepWhenItIsTooDeep) {
    Nesting nesting;
    nesting.interrupt({100, 3});
    for (int i = 0; i < 1000; ++i) {
        nesting.interrupt({200, 4});
    }
    for (int i = 0; i < 1000; ++i) {
        (void)nesting.leave();
    }
    EXPECT_EQ(nesting.leave(), (Counts{100, 3}));
}

} // namespace
} // namespace ipu3::membench
