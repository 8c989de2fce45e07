// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu/firmware/file.hpp"

#include "machine/virtual-ipu3/imgu/firmware_layout.hpp"
#include "machine/virtual-ipu3/imgu/stand_in.hpp"

#include <cstring>

namespace firmware {

namespace {

namespace layout = ipu3::imgu::firmware_layout;

std::size_t place(Number number, std::size_t at) {
    return layout::info_at(number) + at;
}

std::uint32_t read(const void* from, std::size_t bytes) {
    const std::span all{static_cast<const std::uint8_t*>(from), bytes};
    std::uint32_t sum = all.empty() ? 0 : all.back();
    for (std::size_t i = 0; i < all.size(); i += 64) {
        sum += all[i];
    }
    return sum;
}

} // namespace

File::File() {
    static const auto stand_in = ipu3::imgu::stand_in_firmware();
    bytes_.assign(stand_in.begin(), stand_in.end());
}

std::uint32_t File::get(std::size_t at) const {
    std::uint32_t word = 0;
    std::memcpy(&word, std::span{bytes_}.subspan(at, sizeof(word)).data(), sizeof(word));
    return word;
}

void File::put(std::size_t at, std::uint32_t word) {
    std::memcpy(std::span{bytes_}.subspan(at, sizeof(word)).data(), &word, sizeof(word));
}

std::uint32_t File::get(Number number, std::size_t at) const {
    return get(place(number, at));
}

void File::put(Number number, std::size_t at, std::uint32_t word) {
    put(place(number, at), word);
}

void File::put_byte(Number number, std::size_t at, std::uint8_t byte) {
    put_byte(place(number, at), byte);
}

void File::cut(std::size_t bytes) {
    bytes_.resize(bytes);
    bytes_.shrink_to_fit();
}

Verdict judge(const File& file) {
    Verdict verdict;
    verdict.number = programs + 1; // it is always set
    verdict.reason = imgu_firmware_judge(file.bytes().data(), file.bytes().size(),
                                         &verdict.firmware, &verdict.number);
    return verdict;
}

std::uint32_t read_everything(const imgu_firmware& firmware) {
    std::uint32_t sum = 0;
    for (std::uint32_t number = 0; number < firmware.programs; ++number) {
        const auto* info = imgu_firmware_get_info(&firmware, number);
        const auto& blob = info->blob;
        sum += read(info, sizeof(*info));
        sum += read(imgu_firmware_name(&firmware, number),
                    std::strlen(imgu_firmware_name(&firmware, number)) + 1);
        const auto* body = imgu_firmware_body(&firmware, number);
        sum += read(body, blob.size);
        sum += read(body + blob.text_source, blob.text_size);
        sum += read(body + blob.data_source, blob.data_size);
        if (info->type == IMGU_FIRMWARE_ISP) {
            sum +=
                read(firmware.file + blob.tables[IMGU_CLASS_PARAM], sizeof(imgu_firmware_params));
            sum +=
                read(firmware.file + blob.tables[IMGU_CLASS_CONFIG], sizeof(imgu_firmware_config));
            sum += read(firmware.file + blob.tables[IMGU_CLASS_STATE], sizeof(imgu_firmware_state));
        }
    }
    return sum;
}

imgu_geometry usual_sizes() {
    imgu_geometry sizes{};
    sizes.in = {2592, 1944};
    sizes.in_stride = 52 * 64;
    sizes.crop = {2592, 1464};
    sizes.bds = {1296, 732};
    sizes.envelope = {8, 6};
    sizes.gdc = {1280, 720};
    sizes.out = {1280, 720};
    sizes.out_stride = 1280;
    sizes.vf = {640, 360};
    sizes.vf_stride = 640;
    sizes.ref = {1408 + 256, 736 + 64};
    sizes.vf_enabled = true;
    return sizes;
}

} // namespace firmware
