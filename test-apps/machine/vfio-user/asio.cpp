// SPDX-License-Identifier: GPL-2.0-or-later
// Asio's implementation, compiled once.
#include <asio/impl/src.hpp>
