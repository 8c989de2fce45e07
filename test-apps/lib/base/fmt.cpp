// SPDX-License-Identifier: GPL-2.0-or-later
// What Debian's libfmt.so has compiled, for static programs: the package has no archive of it. The
// instantiations are those that <fmt/format.h> expects elsewhere.
#include <fmt/format-inl.h>
#include <locale>

FMT_BEGIN_NAMESPACE
namespace detail {
template dragonbox::decimal_fp<float> dragonbox::to_decimal(float) noexcept;
template dragonbox::decimal_fp<double> dragonbox::to_decimal(double) noexcept;
template void vformat_to(buffer<char>&, string_view, typename vformat_args<>::type, locale_ref);
template thousands_sep_result<char> thousands_sep_impl<char>(locale_ref);
template thousands_sep_result<wchar_t> thousands_sep_impl<wchar_t>(locale_ref);
template char decimal_point_impl(locale_ref);
template wchar_t decimal_point_impl(locale_ref);
} // namespace detail
FMT_END_NAMESPACE
