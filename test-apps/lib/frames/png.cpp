// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/png.hpp"

#include "lib/base/unique_fd.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <memory>
#include <png.h>
#include <sys/stat.h>
#include <unistd.h>

namespace frames {

namespace {

/// libpng's control structure; frees what a begun and not finished read holds.
class Control {
  public:
    Control() { image_.version = PNG_IMAGE_VERSION; }
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;
    Control(Control&&) = delete;
    Control& operator=(Control&&) = delete;
    ~Control() { png_image_free(&image_); }

    png_image* operator->() { return &image_; }
    png_image* get() { return &image_; }
    [[nodiscard]] std::string_view message() const { return std::data(image_.message); }

  private:
    png_image image_{};
};

base::Result<std::vector<std::byte>> encode(Size size, std::span<const std::uint8_t> pixels,
                                            png_uint_32 format) {
    if (size.width == 0 || size.height == 0) {
        return base::fail("an image of {}x{} pixels is no PNG", size.width, size.height);
    }
    Control control;
    control->width = size.width;
    control->height = size.height;
    control->format = format;
    if (pixels.size() != PNG_IMAGE_SIZE(*control.get())) {
        return base::fail("{} samples do not make a PNG of {}x{}", pixels.size(), size.width,
                          size.height);
    }
    // Filters cost more time than they save bytes on noisy pictures.
    control->flags = PNG_IMAGE_FLAG_FAST;
    png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(*control.get());
    std::vector<std::byte> file(bytes);
    if (png_image_write_to_memory(control.get(), file.data(), &bytes, 0, pixels.data(), 0,
                                  nullptr) == 0) {
        return base::fail("cannot encode a PNG: {}", control.message());
    }
    file.resize(bytes);
    return file;
}

base::Result<void> write_all(int fd, std::span<const std::byte> bytes,
                             const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return base::fail_errno(errno, "cannot write '{}'", path.string());
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

} // namespace

base::Result<std::vector<std::byte>> encode_png(const Rgb8& image) {
    return encode(image.size, image.pixels, PNG_FORMAT_RGB);
}

base::Result<std::vector<std::byte>> encode_png(const Grey8& image) {
    return encode(image.size, image.pixels, PNG_FORMAT_GRAY);
}

base::Result<Rgb8> decode_png(std::span<const std::byte> bytes, std::string_view name) {
    Control control;
    if (png_image_begin_read_from_memory(control.get(), bytes.data(), bytes.size()) == 0) {
        return base::fail("'{}' is no readable PNG: {}", name, control.message());
    }
    const std::size_t pixels = std::size_t{control->width} * control->height;
    if (pixels > png_largest_pixels) {
        return base::fail("'{}' has {}x{} pixels, more than the {} million that are read", name,
                          control->width, control->height, png_largest_pixels >> 20U);
    }
    control->format = PNG_FORMAT_RGB;
    Rgb8 image{{control->width, control->height}, std::vector<std::uint8_t>(pixels * 3)};
    const png_color black{0, 0, 0};
    if (png_image_finish_read(control.get(), &black, image.pixels.data(), 0, nullptr) == 0) {
        return base::fail("'{}' is no readable PNG: {}", name, control.message());
    }
    return image;
}

base::Result<Rgb8> read_png(const std::filesystem::path& path) {
    // O_NONBLOCK: a FIFO is refused below instead of waiting for its writer.
    const base::UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!fd) {
        return base::fail_errno(errno, "cannot open '{}'", path.string());
    }
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) {
        return base::fail_errno(errno, "cannot look at '{}'", path.string());
    }
    if (!S_ISREG(status.st_mode)) {
        return base::fail("'{}' is no regular file", path.string());
    }
    constexpr off_t largest_file = off_t{1} << 28U;
    if (status.st_size > largest_file) {
        return base::fail("'{}' is larger than {} MiB", path.string(), largest_file >> 20U);
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t got = ::read(fd.get(), &bytes[filled], bytes.size() - filled);
        if (got < 0 && errno != EINTR) {
            return base::fail_errno(errno, "cannot read '{}'", path.string());
        }
        if (got == 0) {
            break; // it shrank meanwhile; the decoder sees what is left
        }
        filled += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return decode_png(std::span{bytes}.first(filled), path.string());
}

base::Result<void> write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    std::string temporary = path.string() + ".XXXXXX";
    base::UniqueFd fd{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (!fd) {
        return base::fail_errno(errno, "cannot write into '{}'", path.parent_path().string());
    }
    const auto unlink_temporary = [](const std::string* name) { (void)::unlink(name->c_str()); };
    std::unique_ptr<const std::string, decltype(unlink_temporary)> cleanup{&temporary,
                                                                           unlink_temporary};
    if (auto written = write_all(fd.get(), bytes, path); !written) {
        return written;
    }
    // mkostemp() makes the file private; a picture is as public as the umask says.
    const mode_t mask = ::umask(0);
    (void)::umask(mask);
    if (::fchmod(fd.get(), 0666 & ~mask) != 0) {
        return base::fail_errno(errno, "cannot set the mode of '{}'", path.string());
    }
    // Some file systems report a full disk at close only.
    if (::close(fd.release()) != 0) {
        return base::fail_errno(errno, "cannot write '{}'", path.string());
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        return base::fail_errno(errno, "cannot write '{}'", path.string());
    }
    (void)cleanup.release();
    return {};
}

} // namespace frames
