// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/stream/buffers.hpp"

#include <cerrno>
#include <fcntl.h>

namespace ipu3::dmatest::stream {

namespace {

constexpr std::uint32_t page = 4096;

template <typename T>
tl::unexpected<base::Error> pass_on(const base::Result<T>& failed) {
    return tl::unexpected{failed.error()};
}

base::Result<Buffer> mapped(VideoNode& node, std::uint32_t index, bool exported) {
    const auto place = node.mmap_place(index);
    if (!place) {
        return pass_on(place);
    }
    Buffer buffer;
    buffer.size = place->length;
    if (exported) {
        auto fd = node.export_buffer(index);
        if (!fd) {
            return pass_on(fd);
        }
        buffer.dmabuf = std::move(*fd);
    }
    auto mapping = exported ? v4l2::Mapping::of_file(buffer.dmabuf.get(), place->length, 0)
                            : v4l2::Mapping::of_file(node.fd(), place->length, place->offset);
    if (!mapping) {
        return pass_on(mapping);
    }
    buffer.mapping = std::move(*mapping);
    return buffer;
}

base::Result<Buffer> user_memory(std::uint32_t size, std::uint32_t offset) {
    auto mapping = v4l2::Mapping::anonymous((std::size_t{offset} + size + page - 1) / page * page);
    if (!mapping) {
        return pass_on(mapping);
    }
    Buffer buffer;
    buffer.mapping = std::move(*mapping);
    buffer.offset = offset;
    buffer.size = size;
    return buffer;
}

base::Result<Buffer> foreign(Exporter exporter, std::uint32_t size) {
    auto fd = exporter == Exporter::heap ? v4l2::make_heap_buffer(size) : v4l2::make_udmabuf(size);
    if (!fd) {
        return pass_on(fd);
    }
    Buffer buffer;
    buffer.dmabuf = std::move(*fd);
    auto mapping = v4l2::Mapping::of_file(buffer.dmabuf.get(), size, 0);
    if (!mapping) {
        return pass_on(mapping);
    }
    buffer.mapping = std::move(*mapping);
    buffer.size = size;
    return buffer;
}

v4l2_memory queue_memory(Memory memory) {
    switch (memory) {
    case Memory::userptr:
        return V4L2_MEMORY_USERPTR;
    case Memory::dmabuf_import:
        return V4L2_MEMORY_DMABUF;
    case Memory::mmap:
    case Memory::dmabuf_export:
    case Memory::file:
        break;
    }
    return V4L2_MEMORY_MMAP;
}

} // namespace

base::Result<void> Buffer::access(v4l2::CpuAccess kind, const std::function<void()>& use) const {
    if (!dmabuf) {
        use();
        return {};
    }
    if (auto begun = v4l2::synchronise(dmabuf.get(), kind, true); !begun) {
        return begun;
    }
    use();
    return v4l2::synchronise(dmabuf.get(), kind, false);
}

base::Result<Buffers> Buffers::make(VideoNode& node, const Options& options, const Layout& layout,
                                    VideoNode* exporter) {
    const auto memory = queue_memory(options.memory);
    const auto count = layout.sizeimage > layout.frame_bytes()
                           ? node.create_buffers(memory, options.buffers, layout.sizeimage)
                           : node.request_buffers(memory, options.buffers);
    if (!count) {
        return pass_on(count);
    }
    const bool from_node = exporter != nullptr;
    if (from_node) {
        const auto theirs =
            options.exporter == Exporter::vivid
                ? exporter->create_buffers(V4L2_MEMORY_MMAP, *count, layout.sizeimage)
                : exporter->request_buffers(V4L2_MEMORY_MMAP, *count);
        if (!theirs) {
            return pass_on(theirs);
        }
        if (*theirs < *count) {
            return base::fail("the exporting node has {} buffers, not {}", *theirs, *count);
        }
    }
    std::vector<Buffer> all;
    for (std::uint32_t index = 0; index < *count; ++index) {
        auto buffer = [&]() -> base::Result<Buffer> {
            switch (options.memory) {
            case Memory::userptr:
                return user_memory(layout.sizeimage, options.userptr_offset);
            case Memory::dmabuf_import:
                return from_node ? mapped(*exporter, index, true)
                                 : foreign(options.exporter, layout.sizeimage);
            case Memory::dmabuf_export:
                return mapped(node, index, true);
            case Memory::mmap:
            case Memory::file:
                break;
            }
            return mapped(node, index, false);
        }();
        if (!buffer) {
            return pass_on(buffer);
        }
        all.push_back(std::move(*buffer));
    }
    return Buffers{memory, std::move(all)};
}

base::Result<Buffers> Buffers::import(VideoNode& node, const Buffers& others) {
    const auto count = node.request_buffers(V4L2_MEMORY_DMABUF, others.count());
    if (!count) {
        return pass_on(count);
    }
    if (*count < others.count()) {
        return base::fail("the importing node has {} buffers, not {}", *count, others.count());
    }
    std::vector<Buffer> all(others.count());
    for (std::uint32_t index = 0; index < others.count(); ++index) {
        const auto& theirs = others.at(index);
        all[index].dmabuf.reset(::fcntl(theirs.dmabuf.get(), F_DUPFD_CLOEXEC, 0));
        if (!all[index].dmabuf) {
            return base::fail_errno(errno, "cannot duplicate a dma-buf's descriptor");
        }
        all[index].size = theirs.size;
    }
    return Buffers{V4L2_MEMORY_DMABUF, std::move(all)};
}

void Buffers::unmap() {
    for (auto& buffer : all_) {
        buffer.mapping.reset();
    }
}

base::Result<void> Buffers::queue(VideoNode& node, std::uint32_t index, std::uint32_t bytes,
                                  std::uint32_t flags) const {
    const auto& queued = at(index);
    v4l2_buffer buffer{};
    buffer.index = index;
    buffer.memory = memory_;
    buffer.flags = flags;
    buffer.bytesused = node.output() ? bytes : 0;
    if (memory_ == V4L2_MEMORY_USERPTR) {
        buffer.m.userptr = reinterpret_cast<unsigned long>(queued.bytes().data());
        buffer.length = queued.size;
    } else if (memory_ == V4L2_MEMORY_DMABUF) {
        buffer.m.fd = queued.dmabuf.get();
        buffer.length = queued.size;
    }
    return node.queue(buffer);
}

} // namespace ipu3::dmatest::stream
