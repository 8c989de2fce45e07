// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/topology.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::capture {
namespace {

// Ids as the kernel gives them: one count for everything.
constexpr std::uint32_t receiver0 = 1;
constexpr std::uint32_t receiver0_sink = 2;
constexpr std::uint32_t receiver0_source = 3;
constexpr std::uint32_t video0 = 4;
constexpr std::uint32_t video0_pad = 5;
constexpr std::uint32_t receiver1 = 11;
constexpr std::uint32_t receiver1_sink = 12;
constexpr std::uint32_t receiver1_source = 13;
constexpr std::uint32_t video1 = 14;
constexpr std::uint32_t video1_pad = 15;
constexpr std::uint32_t front = 21;
constexpr std::uint32_t front_other_pad = 22; // not linked
constexpr std::uint32_t front_pad = 23;
constexpr std::uint32_t lens = 31;
constexpr std::uint32_t node = 40; // + entity: its interface

/// Two ports, the second one's receiver first; a sensor at port 1, and a lens that belongs to it.
Graph two_ports() {
    return {.entities = {{receiver1, "ipu3-csi2 1"},
                         {receiver0, "ipu3-csi2 0"},
                         {video0, "ipu3-cio2 0"},
                         {video1, "ipu3-cio2 1"},
                         {front, "ov5693 2-0036"},
                         {lens, "dw9719 2-000c"}},
            .pads = {{receiver0_source, receiver0, 1, true},
                     {receiver0_sink, receiver0, 0, false},
                     {video0_pad, video0, 0, false},
                     {receiver1_sink, receiver1, 0, false},
                     {receiver1_source, receiver1, 1, true},
                     {video1_pad, video1, 0, false},
                     {front_other_pad, front, 0, true},
                     {front_pad, front, 1, true}},
            .links = {{receiver0_source, video0_pad, true, true},
                      {receiver1_source, video1_pad, true, true},
                      {front_pad, receiver1_sink, false, false}},
            .interfaces = {{node + receiver0, {81, 10}},
                           {node + receiver1, {81, 11}},
                           {node + video0, {81, 0}},
                           {node + video1, {81, 1}},
                           {node + front, {81, 12}},
                           {node + lens, {81, 13}}},
            .interface_links = {{node + lens, lens},
                                {node + front, front},
                                {node + video1, video1},
                                {node + video0, video0},
                                {node + receiver1, receiver1},
                                {node + receiver0, receiver0}}};
}

TEST(FindPorts, EachHasItsOwn) {
    const auto ports = find_ports(two_ports()).value();
    ASSERT_EQ(ports.size(), 2U);
    EXPECT_EQ(ports[0].number, 0U);
    EXPECT_EQ(ports[0].video, "ipu3-cio2 0");
    EXPECT_EQ(ports[0].video_device, (DeviceNumber{81, 0}));
    EXPECT_TRUE(ports[0].sensors.empty());

    const auto& port = ports[1];
    EXPECT_EQ(port.number, 1U);
    EXPECT_EQ(port.receiver, "ipu3-csi2 1");
    EXPECT_EQ(port.receiver_device, (DeviceNumber{81, 11}));
    EXPECT_EQ(port.sink.entity, receiver1);
    EXPECT_EQ(port.sink.index, 0U);
    EXPECT_EQ(port.source.index, 1U);
    EXPECT_EQ(port.video, "ipu3-cio2 1");
    EXPECT_EQ(port.video_device, (DeviceNumber{81, 1}));
    EXPECT_TRUE(port.video_enabled);
    ASSERT_EQ(port.sensors.size(), 1U);
    EXPECT_EQ(port.sensors[0].name, "ov5693 2-0036");
    EXPECT_EQ(port.sensors[0].pad.entity, front);
    EXPECT_EQ(port.sensors[0].pad.index, 1U);
    EXPECT_EQ(port.sensors[0].device, (DeviceNumber{81, 12}));
    EXPECT_FALSE(port.sensors[0].enabled);
}

TEST(FindPorts, ALinkThatIsOpenIsSeen) {
    auto graph = two_ports();
    graph.links.back().enabled = true;
    EXPECT_TRUE(find_ports(graph).value()[1].sensors[0].enabled);
}

TEST(FindPorts, AnEntityMayLackItsNode) {
    auto graph = two_ports();
    std::erase_if(graph.interface_links,
                  [](const Graph::InterfaceLink& link) { return link.entity == front; });
    EXPECT_FALSE(find_ports(graph).value()[1].sensors[0].device);
}

TEST(FindPorts, OtherNamesAreNoReceivers) {
    for (const auto* const name : {"ipu3-csi2 ", "ipu3-csi2 x", "ipu3-csi2 0a", "ipu3-csi2", ""}) {
        const Graph graph{.entities = {{receiver0, name}},
                          .pads = {},
                          .links = {},
                          .interfaces = {},
                          .interface_links = {}};
        EXPECT_FALSE(find_ports(graph)) << name;
    }
    EXPECT_FALSE(find_ports({}));
}

TEST(FindPorts, ABrokenGraphIsAnError) {
    auto no_pad = two_ports();
    std::erase_if(no_pad.pads, [](const Graph::Pad& pad) { return pad.id == receiver0_sink; });
    EXPECT_THAT(find_ports(no_pad).error().message, testing::HasSubstr("ipu3-csi2 0 lacks a pad"));

    auto no_node = two_ports();
    no_node.links.erase(no_node.links.begin());
    EXPECT_THAT(find_ports(no_node).error().message, testing::HasSubstr("no capture node"));
}

std::vector<Port> ports_with(const std::vector<std::vector<std::string>>& names) {
    std::vector<Port> ports;
    for (const auto& at_port : names) {
        Port port;
        port.number = static_cast<unsigned>(ports.size());
        for (const auto& name : at_port) {
            port.sensors.emplace_back().name = name;
        }
        ports.push_back(std::move(port));
    }
    return ports;
}

TEST(FindSensor, TheFirstUnlessNamed) {
    const auto ports = ports_with({{}, {"ov8865 3-0010"}, {"ov5693 2-0036"}});
    EXPECT_EQ(find_sensor(ports, "")->sensor->name, "ov8865 3-0010");
    EXPECT_EQ(find_sensor(ports, "ov5693")->sensor->name, "ov5693 2-0036");
    EXPECT_EQ(find_sensor(ports, "ov5693")->port->number, 2U);
}

TEST(FindSensor, AnUnknownOneNamesThoseThatAreThere) {
    const auto none = find_sensor(ports_with({{"ov8865 3-0010"}, {"ov5693 2-0036"}}), "imx258");
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, testing::HasSubstr("ov8865 3-0010, ov5693 2-0036"));
    EXPECT_FALSE(find_sensor(ports_with({{}, {}}), ""));
}

TEST(FindSensor, TwoThatBeginSoAreAnErrorButForTheWholeName) {
    const auto ports = ports_with({{"ov5693 2-0036"}, {"ov5693 2-00361"}});
    const auto both = find_sensor(ports, "ov5693");
    ASSERT_FALSE(both);
    EXPECT_THAT(both.error().message, testing::HasSubstr("ov5693 2-0036 or ov5693 2-00361"));
    EXPECT_EQ(find_sensor(ports, "ov5693 2-0036")->port->number, 0U);
}

} // namespace
} // namespace ipu3::capture
