// SPDX-License-Identifier: GPL-2.0

package main

import (
	"crypto/sha256"
	"fmt"
	"net"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	"github.com/safchain/ethtool"
	"github.com/vishvananda/netlink"
)

// address returns the vNIC's: one that somebody chose, in the order of CNI's conventions,
// or one that is derived. It is nil if nobody can tell: a device in passthru mode has
// its master's, and a master may be gone when the vNIC is to be deleted.
func (c *conf) address(args *skel.CmdArgs, master netlink.Link) (net.HardwareAddr, error) {
	given := []struct {
		text, where string
		code        uint
	}{
		{c.RuntimeConfig.MAC, "runtimeConfig", types.ErrInvalidNetworkConfig},
		{c.Args.CNI.MAC, "args.cni", types.ErrInvalidNetworkConfig},
		{string(c.env.MAC), "CNI_ARGS", types.ErrInvalidEnvironmentVariables},
		{c.MAC, "network configuration", types.ErrInvalidNetworkConfig},
	}
	for _, g := range given {
		if g.text == "" {
			continue
		}
		mac, err := net.ParseMAC(g.text)
		if err != nil || len(mac) != 6 || mac[0]&1 != 0 || isZero(mac) {
			return nil, types.NewError(g.code,
				fmt.Sprintf("%s: mac %q is not the address of one Ethernet device", g.where, g.text), "")
		}
		return mac, nil
	}
	if master == nil {
		return nil, nil
	}
	if c.keys["mode"] == "passthru" {
		return master.Attrs().HardwareAddr, nil
	}
	return derive(c.seed(master), c.Name, c.who(args), args.IfName), nil
}

// seed makes addresses differ between machines on one LAN, as long as the administrator
// has not said that they belong together.
func (c *conf) seed(master netlink.Link) string {
	if c.MACSeed != "" {
		return "seed " + c.MACSeed
	}
	permanent, err := ethtool.PermAddr(master.Attrs().Name)
	mac, malformed := net.ParseMAC(permanent)
	if err != nil || malformed != nil || isZero(mac) {
		mac = master.Attrs().HardwareAddr
	}
	return "machine " + mac.String()
}

// who is behind the vNIC: a pod keeps its name, its containers come and go.
func (c *conf) who(args *skel.CmdArgs) string {
	if c.env.K8S_POD_NAME != "" {
		return "pod " + string(c.env.K8S_POD_NAMESPACE) + "/" + string(c.env.K8S_POD_NAME)
	}
	return "container " + args.ContainerID
}

// derive returns a local, unicast address that is the same tomorrow.
func derive(seed, network, who, ifname string) net.HardwareAddr {
	sum := sha256.Sum256([]byte("vnicx\x00" + seed + "\x00" + network + "\x00" + who + "\x00" + ifname))
	mac := net.HardwareAddr(sum[:6])
	mac[0] = mac[0]&^1 | 2
	return mac
}

func isZero(mac net.HardwareAddr) bool {
	for _, b := range mac {
		if b != 0 {
			return false
		}
	}
	return true
}

// linkLocal is the IPv6 address that a device with that MAC address gives itself (EUI-64).
func linkLocal(mac net.HardwareAddr) net.IP {
	return net.IP{0xfe, 0x80, 0, 0, 0, 0, 0, 0, mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]}
}
