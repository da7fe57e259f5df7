// SPDX-License-Identifier: GPL-2.0

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"strings"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
	pluginip "github.com/containernetworking/plugins/pkg/ip"
	"github.com/containernetworking/plugins/pkg/ipam"
	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/vishvananda/netlink"
)

// check compares the container's vNIC with the result of add and with the configuration.
func check(args *skel.CmdArgs) error {
	c, words, err := parseWhole(args)
	if err != nil {
		return err
	}
	if c.RawPrevResult == nil {
		return types.NewError(types.ErrInvalidNetworkConfig, "CHECK needs prevResult", "")
	}
	result, err := c.previous()
	if err != nil {
		return err
	}
	if c.IPAM.Type != "" {
		if err := ipam.ExecCheck(c.IPAM.Type, args.StdinData); err != nil {
			return err
		}
	}
	netns, err := openNS(args.Netns)
	if err != nil {
		return err
	}
	defer netns.Close()
	master, err := c.findMaster()
	if err != nil {
		return err
	}
	index, mac := find(result, args.IfName, netns.Path())
	if mac == nil {
		return types.NewError(types.ErrInvalidNetworkConfig,
			fmt.Sprintf("prevResult has no %q in %s", args.IfName, netns.Path()), "")
	}
	err = netns.Do(func(ns.NetNS) error {
		if err := c.compare(args.IfName, mac, master.Attrs().Index); err != nil {
			return err
		}
		if err := compareOptions(args.IfName, words); err != nil {
			return err
		}
		var mine []*current.IPConfig
		for _, address := range result.IPs {
			if address.Interface != nil && *address.Interface == index {
				mine = append(mine, address)
			}
		}
		if err := pluginip.ValidateExpectedInterfaceIPs(args.IfName, mine); err != nil {
			return err
		}
		return pluginip.ValidateExpectedRoute(result.Routes)
	})
	if _, ok := err.(*types.Error); err != nil && !ok {
		return types.NewError(errRefused, err.Error(), "")
	}
	return err
}

// find returns the interface's number in the result, and its address.
func find(result *current.Result, name, sandbox string) (int, net.HardwareAddr) {
	for i, one := range result.Interfaces {
		if one.Name == name && one.Sandbox == sandbox {
			mac, _ := net.ParseMAC(one.Mac)
			return i, mac
		}
	}
	return -1, nil
}

func (c *conf) compare(name string, mac net.HardwareAddr, master int) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("%s: %v", name, err)
	}
	attrs := link.Attrs()
	switch {
	case link.Type() != kind:
		return fmt.Errorf("%s is no vNIC, but of type %q", name, link.Type())
	case attrs.HardwareAddr.String() != mac.String():
		return fmt.Errorf("%s has the address %s instead of %s", name, attrs.HardwareAddr, mac)
	case attrs.ParentIndex != master:
		return fmt.Errorf("%s is not of the network's master", name)
	case c.MTU != 0 && attrs.MTU != int(c.MTU):
		return fmt.Errorf("%s has an MTU of %d instead of %d", name, attrs.MTU, c.MTU)
	case attrs.Flags&net.FlagUp == 0:
		return fmt.Errorf("%s is down", name)
	}
	return nil
}

// compared are the options that ip shows by the word or the truth value that sets them.
// Of the others, there are several ways to say the same.
var compared = map[string]bool{
	"mode": true, "flood": true, "trust": true, "spoofchk": true, "state": true,
	"restricted": true, "raguard": true, "dhcpguard": true, "dhcp-block": true,
	"ipguard": true, "ipguard-in": true, "dhcp-trust": true, "isolated": true,
}

// compareOptions compares the vNIC with the words of the configuration.
func compareOptions(name string, words []string) error {
	out, err := ip(nil, "-details", "-json", "link", "show", "dev", name)
	if err != nil {
		return err
	}
	var shown []struct {
		Linkinfo struct {
			Data map[string]interface{} `json:"info_data"`
		} `json:"linkinfo"`
	}
	if err := json.Unmarshal([]byte(out), &shown); err != nil || len(shown) != 1 {
		return types.NewError(types.ErrDecodingFailure, "what ip shows of "+name, out)
	}
	for i := 0; i+1 < len(words); i++ {
		if !compared[words[i]] {
			continue
		}
		is := shown[0].Linkinfo.Data[strings.ReplaceAll(words[i], "-", "_")]
		if is == true {
			is = "on"
		} else if is == false {
			is = "off"
		}
		if is != words[i+1] {
			return fmt.Errorf("%s has %s %v instead of %s", name, words[i], is, words[i+1])
		}
	}
	return nil
}
