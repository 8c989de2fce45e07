// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/buffers.hpp"

#include "lib/v4l2/dma_memory.hpp"

namespace ipu3::capture {

namespace {

using v4l2::CpuAccess;
using v4l2::Mapping;

v4l2_memory queue_memory(Memory memory) {
    switch (memory) {
    case Memory::userptr:
        return V4L2_MEMORY_USERPTR;
    case Memory::dmabuf:
        return V4L2_MEMORY_DMABUF;
    case Memory::mmap:
        break;
    }
    return V4L2_MEMORY_MMAP;
}

base::Result<Buffer> mapped(base::Result<Mapping> mapping, base::UniqueFd dmabuf,
                            std::uint32_t bytes) {
    if (!mapping) {
        return tl::unexpected{mapping.error()};
    }
    return Buffer{.mapping = std::move(*mapping), .dmabuf = std::move(dmabuf), .bytes = bytes};
}

base::Result<Buffer> of_driver(VideoNode& node, std::uint32_t index, bool exported) {
    const auto place = node.mmap_place(index);
    if (!place) {
        return tl::unexpected{place.error()};
    }
    if (!exported) {
        return mapped(Mapping::of_file(node.fd(), place->length, place->offset), {}, place->length);
    }
    auto fd = node.export_buffer(index);
    if (!fd) {
        return tl::unexpected{fd.error()};
    }
    auto mapping = Mapping::of_file(fd->get(), place->length, 0);
    return mapped(std::move(mapping), std::move(*fd), place->length);
}

/// From /dev/udmabuf, or the system's heap where that is not to be had.
base::Result<Buffer> of_elsewhere(std::uint32_t bytes) {
    auto fd = v4l2::make_udmabuf(bytes);
    if (!fd) {
        const auto first = fd.error().message;
        fd = v4l2::make_heap_buffer(bytes);
        if (!fd) {
            return base::fail("no memory to import: {}; {}", first, fd.error().message);
        }
    }
    auto mapping = Mapping::of_file(fd->get(), bytes, 0);
    return mapped(std::move(mapping), std::move(*fd), bytes);
}

base::Result<Buffer> make_one(VideoNode& node, const Options& options, std::uint32_t index,
                              std::uint32_t bytes) {
    switch (options.memory) {
    case Memory::userptr:
        return mapped(Mapping::anonymous(bytes), {}, bytes);
    case Memory::dmabuf:
        return of_elsewhere(bytes);
    case Memory::mmap:
        break;
    }
    return of_driver(node, index, options.export_buffers);
}

} // namespace

base::Result<Buffers> Buffers::make(VideoNode& node, const Options& options, std::uint32_t bytes) {
    const auto memory = queue_memory(options.memory);
    const auto count = node.request_buffers(memory, options.buffers);
    if (!count) {
        return tl::unexpected{count.error()};
    }
    std::vector<Buffer> all;
    for (std::uint32_t index = 0; index < *count; ++index) {
        auto buffer = make_one(node, options, index, bytes);
        if (!buffer) {
            return tl::unexpected{buffer.error()};
        }
        all.push_back(std::move(*buffer));
    }
    return Buffers{memory, std::move(all)};
}

base::Result<std::vector<std::vector<v4l2::PageRun>>> Buffers::pages() const {
    std::vector<std::vector<v4l2::PageRun>> pages;
    for (const auto& buffer : all_) {
        auto runs = v4l2::physical_pages(buffer.all());
        if (!runs) {
            return tl::unexpected{std::move(runs.error())};
        }
        pages.push_back(std::move(*runs));
    }
    return pages;
}

base::Result<void> Buffers::queue(VideoNode& node, std::uint32_t index) const {
    const auto& buffer = all_.at(index);
    v4l2_plane plane{};
    if (memory_ == V4L2_MEMORY_USERPTR) {
        plane.m.userptr = reinterpret_cast<unsigned long>(buffer.all().data());
        plane.length = buffer.bytes;
    } else if (memory_ == V4L2_MEMORY_DMABUF) {
        plane.m.fd = buffer.dmabuf.get();
        plane.length = buffer.bytes;
    }
    return node.queue(memory_, index, plane);
}

base::Result<void>
Buffers::read(const Dequeued& frame,
              const std::function<base::Result<void>(std::span<const std::byte>)>& use) const {
    const auto& buffer = all_.at(frame.index);
    const auto end = std::uint64_t{frame.offset} + frame.bytes;
    if (end > buffer.bytes) {
        return base::fail("frame {} ends at byte {} of a buffer of {}", frame.sequence, end,
                          buffer.bytes);
    }
    const bool shared = buffer.dmabuf.valid();
    if (shared) {
        if (auto begun = v4l2::synchronise(buffer.dmabuf.get(), CpuAccess::read, true); !begun) {
            return begun;
        }
    }
    auto used = use(std::as_bytes(buffer.all().subspan(frame.offset, frame.bytes)));
    if (shared) {
        auto ended = v4l2::synchronise(buffer.dmabuf.get(), CpuAccess::read, false);
        return used ? ended : used;
    }
    return used;
}

} // namespace ipu3::capture
