// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/qemu_command.hpp"

#include "machine/vm/agent_protocol.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ipu3::vm {
namespace {

/// Slots that nothing else is in.
constexpr std::array<std::string_view, max_layers> layer_slots{"1b", "1c", "1d", "1e"};

/// In QEMU's key=value lists a comma in a value is doubled.
std::string quoted(const std::filesystem::path& path) {
    std::string result;
    for (const char c : path.string()) {
        result.append(c == ',' ? 2 : 1, c);
    }
    return result;
}

void add_function(std::vector<std::string>& command, const std::filesystem::path& sockets,
                  const Function& function) {
    const nlohmann::json device{
        {"driver", "vfio-user-pci"},
        {"socket", {{"type", "unix"}, {"path", (sockets / function.socket).string()}}},
        {"addr", function.address},
        {"multifunction", function.first},
    };
    command.insert(command.end(), {"-device", device.dump()});
}

/// The guest's memory, which the plugin of a cache model has to find, too: then it is a file of the
/// launcher's.
std::string memory_backend(const Machine& machine) {
    if (machine.cache) {
        return fmt::format("memory-backend-file,id=ram,size={}M,share=on,mem-path=/proc/self/fd/{}",
                           machine.memory_mib, machine.cache->ram_fd);
    }
    return fmt::format("memory-backend-memfd,id=ram,size={}M,share=on", machine.memory_mib);
}

} // namespace

std::string layer_tag(std::size_t index) {
    return fmt::format("layer{}", index);
}

std::string kernel_arguments(const Machine& machine) {
    // loglevel=5: warnings and worse reach the serial console as they happen, and all of a panic's
    // text does; every character there costs a trap into the emulator, and the rest comes through
    // the agent for less. panic=-1 makes a panic a reboot at once, which -no-reboot makes QEMU's
    // end.
    std::string arguments =
        "console=ttyS0 loglevel=5 log_buf_len=1M printk.devkmsg=on panic=-1 mitigations=off "
        "random.trust_cpu=on";
    // On a busy host the emulated timers are late by many milliseconds: a kernel that measures the
    // time stamp counter by them gets it wrong or gives it up, one that wants four ticks of the
    // timer within some 40 ms takes it for broken and panics (timer_irq_works() in io_apic.c), and
    // one that watches its processors for lost time sees stalls where there are none. So it is told
    // the ones and given patience in the other.
    arguments += " tsc=reliable no_timer_check watchdog_thresh=30 "
                 "rcupdate.rcu_cpu_stall_timeout=60";
    if (machine.tsc_khz != 0) {
        arguments += fmt::format(" tsc_early_khz={}", machine.tsc_khz);
    }
    // Of the chipset that QEMU cannot leave out; its drivers would only lengthen the boot.
    arguments += " modprobe.blacklist=lpc_ich";
    if (machine.vtd) {
        arguments += " intel_iommu=on";
    }
    if (!machine.append.empty()) {
        arguments += " " + machine.append;
    }
    return arguments;
}

std::vector<std::string> qemu_command(const Machine& machine) {
    std::vector<std::string> command{
        "qemu-system-x86_64",
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-no-reboot",
        "-accel",
        "tcg,thread=multi",
        // No KVM is needed and none is used: a run is the same everywhere. Without la57 the page
        // tables have four levels as a Skylake's do. Without erms and fsrm the guest copies by
        // words: a byte's repetition costs the emulator as much as a word's.
        "-cpu",
        "max,la57=off,erms=off,fsrm=off",
        // The chipset without what a tablet's boot would only spend time on.
        "-machine",
        "q35,memory-backend=ram,sata=off,smbus=off,i8042=off,hpet=off,usb=off",
        "-smp",
        std::to_string(machine.cpus),
        "-m",
        fmt::format("{}M", machine.memory_mib),
        // Shared memory with a descriptor: what lets the device process map the guest's memory.
        "-object",
        memory_backend(machine),
        "-kernel",
        machine.kernel.string(),
        "-initrd",
        machine.initramfs.string(),
        "-append",
        kernel_arguments(machine),
        "-chardev",
        fmt::format("socket,id=console,fd={}", machine.console_fd),
        "-serial",
        "chardev:console",
    };
    const auto add = [&command](std::string option, std::string value) {
        command.push_back(std::move(option));
        command.push_back(std::move(value));
    };
    if (machine.vtd) {
        // Before any function that it is to translate for. caching-mode: without it QEMU's VT-d
        // does not see new mappings, and neither would the device process.
        add("-device", "intel-iommu,caching-mode=on");
    }
    if (machine.sockets) {
        // Slot 14 holds the USB controller as function 0 in a laptop; something must be there for
        // the other functions to be found, and this does nothing and needs no driver.
        add("-device", "pci-testdev,addr=14.0,multifunction=on");
        add_function(command, *machine.sockets, cio2_function);
        add_function(command, *machine.sockets, i2c0_function);
        add_function(command, *machine.sockets, i2c1_function);
        if (machine.imgu) {
            add_function(command, *machine.sockets, imgu_function);
        }
        for (unsigned index = 0; index < machine.dmatest; ++index) {
            add_function(command, *machine.sockets, dmatest_functions.at(index));
        }
    }
    if (machine.cache) {
        add("-plugin", fmt::format("file={},state={},ram={}", quoted(machine.cache->plugin),
                                   machine.cache->state_fd, machine.cache->ram_fd));
    }
    for (const auto& plugin : machine.plugins) {
        add("-plugin", "file=" + quoted(plugin));
    }
    if (machine.ssdt) {
        add("-acpitable", "file=" + quoted(*machine.ssdt));
    }
    add("-device", "virtio-serial-pci,addr=18.0");
    add("-chardev", fmt::format("socket,id=agent,fd={}", machine.agent_fd));
    add("-device", fmt::format("virtserialport,chardev=agent,name={}", agent::port_name));
    add("-fsdev",
        fmt::format("local,id=root,path={},security_model=none,readonly=on,multidevs=remap",
                    quoted(machine.root)));
    add("-device", "virtio-9p-pci,fsdev=root,mount_tag=root,addr=19.0");
    add("-fsdev", fmt::format("local,id=share,path={},security_model=none,multidevs=remap",
                              quoted(machine.share)));
    add("-device", "virtio-9p-pci,fsdev=share,mount_tag=share,addr=1a.0");
    add("-fsdev",
        fmt::format("local,id=programs,path={},security_model=none,readonly=on,multidevs=remap",
                    quoted(machine.programs)));
    add("-device", "virtio-9p-pci,fsdev=programs,mount_tag=programs,addr=17.0");
    for (std::size_t index = 0; index < machine.layers.size(); ++index) {
        const auto tag = layer_tag(index);
        add("-fsdev",
            fmt::format("local,id={},path={},security_model=none,readonly=on,multidevs=remap", tag,
                        quoted(machine.layers[index])));
        add("-device", fmt::format("virtio-9p-pci,fsdev={},mount_tag={},addr={}.0", tag, tag,
                                   layer_slots.at(index)));
    }
    return command;
}

} // namespace ipu3::vm
