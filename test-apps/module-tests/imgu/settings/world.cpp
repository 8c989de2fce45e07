// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu/settings/world.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <stdexcept>

namespace settings {

namespace {

reference_size size_of(const imgu_size& size) {
    return {.width = size.width, .height = size.height};
}

reference_pipe pipe_of(const imgu_geometry& g, const imgu_program& p) {
    return {.in = size_of(g.in),
            .crop = size_of(g.crop),
            .bds = size_of(g.bds),
            .envelope = size_of(g.envelope),
            .gdc = size_of(g.gdc),
            .out = size_of(g.out),
            .vf = size_of(g.vf),
            .ref = size_of(g.ref),
            .in_stride = g.in_stride,
            .out_stride = g.out_stride,
            .vf_stride = g.vf_stride,
            .bayer = g.bayer,
            .stripes = p.stripes,
            .block_width = p.block_width,
            .has_af = p.has_af ? 1U : 0U,
            .has_awb = p.has_awb ? 1U : 0U,
            .has_awb_fr = p.has_awb_fr ? 1U : 0U,
            .has_ae = p.has_ae ? 1U : 0U,
            .video = 1};
}

std::uint32_t between(std::mt19937& random, std::uint32_t low, std::uint32_t high) {
    return std::uniform_int_distribution<std::uint32_t>{low, high}(random);
}

/// A grid that fits, of at most @p columns by @p rows.
imgu_grid grid(std::mt19937& random, const imgu_size& frame, std::uint32_t columns,
               std::uint32_t rows, std::uint32_t log2_limit, std::uint32_t delay) {
    const auto across = (frame.width + 127) / 128 * 128;
    imgu_grid made{};
    for (;;) {
        made.cell_width_log2 = static_cast<u8>(between(random, 3, log2_limit));
        made.cell_height_log2 = static_cast<u8>(between(random, 3, log2_limit));
        made.width = static_cast<u8>(between(random, 1, columns));
        made.height = static_cast<u8>(between(random, 1, rows));
        const auto pixels = std::uint32_t{made.width} << made.cell_width_log2;
        const auto lines = (std::uint32_t{made.height} << made.cell_height_log2) + delay;
        if (pixels <= across && lines <= frame.height) {
            made.x_start = static_cast<u16>(between(random, 0, std::min(across - pixels, 4095U)));
            made.y_start = static_cast<u16>(between(random, 0, frame.height - lines));
            return made;
        }
    }
}

void put(ipu3_uapi_grid_config& config, const imgu_grid& grid, unsigned enable) {
    config.width = grid.width;
    config.height = grid.height;
    config.block_width_log2 = grid.cell_width_log2 & 7U;
    config.block_height_log2 = grid.cell_height_log2 & 7U;
    config.x_start = grid.x_start;
    config.y_start = static_cast<__u16>(grid.y_start | enable);
}

} // namespace

imgu_geometry sizes(std::uint32_t width, std::uint32_t height) {
    imgu_geometry g{};
    g.in = {.width = width, .height = height};
    g.crop = g.in;
    g.bds = g.in;
    g.gdc = {.width = width - 8, .height = height - 4};
    g.out = g.gdc;
    imgu_geometry_complete(&g);
    if (const auto with = program(); imgu_geometry_judge(&g, &with) != IMGU_OK) {
        throw std::logic_error{imgu_reason_text(imgu_geometry_judge(&g, &with))};
    }
    return g;
}

imgu_program program(unsigned stripes) {
    return {.stripes = static_cast<u8>(stripes),
            .block_width = 2,
            .block_height = 32,
            .has_af = true,
            .has_awb = true,
            .has_awb_fr = true,
            .has_ae = true};
}

imgu_program still_program() {
    auto still = program();
    still.has_af = still.has_awb = still.has_awb_fr = still.has_ae = false;
    return still;
}

Params Params::random(std::mt19937& random) {
    Params params;
    static_assert(sizeof(ipu3_uapi_params) % sizeof(std::uint32_t) == 0);
    std::generate_n(reinterpret_cast<std::uint32_t*>(&*params),
                    sizeof(ipu3_uapi_params) / sizeof(std::uint32_t),
                    [&] { return static_cast<std::uint32_t>(random()); });
    std::memset(&params->use, 0, sizeof(params->use));
    return params;
}

Params Params::legal(std::mt19937& random, const imgu_geometry& geometry) {
    auto params = Params::random(random);
    const auto enable = random() % 4 != 0 ? unsigned{IPU3_UAPI_GRID_Y_START_EN} : 0U;
    ipu3_uapi_grid_config config = params->acc_param.af.grid_cfg;
    put(config, grid(random, geometry.bds, 32, 24, 7, 4), enable);
    params->acc_param.af.grid_cfg = config;
    config = params->acc_param.awb_fr.grid_cfg;
    put(config, grid(random, geometry.bds, 32, 24, 7, 4), enable);
    params->acc_param.awb_fr.grid_cfg = config;
    config = params->acc_param.awb.config.grid;
    put(config, grid(random, geometry.bds, 80, 60, 6, 0), 0);
    params->acc_param.awb.config.grid = config;
    const auto exposure = grid(random, geometry.bds, 32, 24, 7, 0);
    params->acc_param.ae.grid_cfg.width = exposure.width;
    params->acc_param.ae.grid_cfg.height = exposure.height;
    params->acc_param.ae.grid_cfg.block_width_log2 = exposure.cell_width_log2 & 15U;
    params->acc_param.ae.grid_cfg.block_height_log2 = exposure.cell_height_log2 & 15U;
    params->acc_param.ae.grid_cfg.x_start = exposure.x_start;
    params->acc_param.ae.grid_cfg.y_start = exposure.y_start;
    auto shading = params->acc_param.shd.shd.grid;
    for (bool fits = false; !fits;) {
        shading.width = static_cast<__u8>(between(random, 1, 146));
        shading.block_height_log2 = between(random, 0, 7) & 7U;
        shading.x_start = static_cast<__s16>(-static_cast<int>(between(random, 0, 4096)));
        shading.y_start = static_cast<__s16>(-static_cast<int>(between(random, 0, 4096)));
        fits = imgu_shading_judge(&shading, &geometry.bds) == IMGU_OK;
    }
    params->acc_param.shd.shd.grid = shading;
    return params;
}

void Params::use_all() {
    auto& use = params_->use;
    use.acc_bnr = use.acc_green_disparity = use.acc_dm = use.acc_ccm = use.acc_gamma = 1;
    use.acc_csc = use.acc_cds = use.acc_shd = use.acc_iefd = use.acc_yds_c0 = use.acc_chnr_c0 = 1;
    use.acc_y_ee_nr = use.acc_yds = use.acc_chnr = use.acc_yds2 = use.acc_tcc = use.acc_anr = 1;
    use.acc_awb_fr = use.acc_ae = use.acc_af = use.acc_awb = 1;
    use.lin_vmem_params = use.tnr3_vmem_params = use.xnr3_vmem_params = 1;
    use.tnr3_dmem_params = use.xnr3_dmem_params = use.obgrid_param = 1;
}

Pipe::Pipe(const imgu_geometry& g, const imgu_program& p) : geometry{g}, program{p} {
    imgu_settings_init(settings_.get(), &geometry);
}

imgu_reason Pipe::merge(const Params& user) {
    return imgu_settings_merge(settings_.get(), user.get(), &geometry, &program);
}

const imgu_acc_param& Pipe::acc() {
    if (const auto reason = imgu_acc_build(settings_.get(), &geometry, &program, acc_.get(),
                                           &written_, &changed_)) {
        throw std::logic_error{imgu_reason_text(reason)};
    }
    return *acc_;
}

std::unique_ptr<imgu_acc_param> Pipe::fresh() const {
    auto block = std::make_unique<imgu_acc_param>();
    std::memset(block.get(), 0xa5, sizeof(*block));
    imgu_written nothing{};
    imgu_ranges all{};
    if (const auto reason =
            imgu_acc_build(settings_.get(), &geometry, &program, block.get(), &nothing, &all)) {
        throw std::logic_error{imgu_reason_text(reason)};
    }
    return block;
}

std::size_t Pipe::changed_lines() const {
    std::set<std::uint32_t> lines;
    for (const auto& range : changed()) {
        for (auto at = range.offset / 64; at <= (range.offset + range.size - 1) / 64; ++at) {
            lines.insert(at);
        }
    }
    return lines.size();
}

std::unique_ptr<imgu_acc_param> packaged(const imgu_geometry& geometry, const imgu_program& program,
                                         const Params& user) {
    const auto old = packaged(geometry, program);
    return old ? packaged_after(geometry, program, user, *old) : nullptr;
}

std::unique_ptr<imgu_acc_param> packaged_after(const imgu_geometry& geometry,
                                               const imgu_program& program, const Params& user,
                                               imgu_acc_param& old) {
    const auto pipe = pipe_of(geometry, program);
    auto set = std::make_unique<reference_set>();
    set->given = 1;
    std::memcpy(set->params, user.get(), sizeof(set->params));
    auto made = std::make_unique<imgu_acc_param>();
    if (reference_acc(&pipe, set.get(), reinterpret_cast<std::uint8_t*>(made.get()),
                      reinterpret_cast<std::uint8_t*>(&old)) != 0) {
        return nullptr;
    }
    return made;
}

std::unique_ptr<imgu_acc_param> packaged(const imgu_geometry& geometry,
                                         const imgu_program& program) {
    const auto pipe = pipe_of(geometry, program);
    auto nothing = std::make_unique<reference_set>();
    auto made = std::make_unique<imgu_acc_param>();
    if (reference_acc(&pipe, nothing.get(), reinterpret_cast<std::uint8_t*>(made.get()), nullptr) !=
        0) {
        return nullptr;
    }
    return made;
}

std::optional<std::uint32_t> lines_of(std::span<const imgu_acc_operation> operations,
                                      std::span<const imgu_acc_lines> lines) {
    std::uint32_t sum = 0;
    std::size_t used = 0;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (operations[i].what == IMGU_ACC_WHAT_PROCESS_LINES) {
            if (used == lines.size()) {
                return std::nullopt;
            }
            sum += lines[used++].lines;
        }
        if (operations[i].when == IMGU_ACC_WHEN_END_OF_OPS) {
            const auto behind = operations.subspan(i + 1);
            const bool nothing = std::ranges::all_of(behind, [](const imgu_acc_operation& rest) {
                return rest.what == 0 && rest.when == 0;
            });
            return nothing ? std::optional{sum} : std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace settings
