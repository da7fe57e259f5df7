// SPDX-License-Identifier: GPL-2.0

package main

import (
	"errors"
	"fmt"
	"net"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
	"github.com/containernetworking/cni/pkg/version"
	"github.com/containernetworking/plugins/pkg/ipam"
	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/containernetworking/plugins/pkg/utils/sysctl"
	"github.com/vishvananda/netlink"
)

// openNS opens the container's namespace.
func openNS(path string) (ns.NetNS, error) {
	netns, err := ns.GetNS(path)
	var absent ns.NSPathNotExistErr
	var other ns.NSPathNotNSErr
	switch {
	case err == nil:
		return netns, nil
	case errors.As(err, &absent):
		return nil, types.NewError(types.ErrUnknownContainer, fmt.Sprintf("CNI_NETNS %q is not there", path), "")
	case errors.As(err, &other):
		return nil, types.NewError(types.ErrInvalidEnvironmentVariables,
			fmt.Sprintf("CNI_NETNS %q is no network namespace", path), "")
	}
	return nil, types.NewError(types.ErrIOFailure, err.Error(), "")
}

// add gives the container its vNIC.
func add(args *skel.CmdArgs) error {
	c, words, err := parseWhole(args)
	if err != nil {
		return err
	}
	return c.attach(args, words, c.print)
}

// attach gives the container its vNIC, and tells the result. When one of both fails, it leaves
// nothing behind.
func (c *conf) attach(args *skel.CmdArgs, words []string, tell func(*current.Result) error) (err error) {
	words, allowIPAM := takeIPAM(words)
	result := &current.Result{CNIVersion: current.ImplementedSpecVersion}
	chained := c.RawPrevResult != nil
	if chained {
		if result, err = c.previous(); err != nil {
			return err
		}
	}
	netns, err := openNS(args.Netns)
	if err != nil {
		return err
	}
	defer netns.Close()
	if err := netns.Do(func(ns.NetNS) error { return isFree(args.IfName) }); err != nil {
		return err
	}
	master, err := c.findMaster()
	if err != nil {
		return err
	}
	mac, err := c.address(args, master)
	if err != nil {
		return err
	}

	name, err := newName()
	if err != nil {
		return err
	}
	link, err := c.create(name, netns, master, mac, words)
	if err != nil {
		return err
	}
	undo := undoing{what: "the vNIC", how: func() error {
		return netns.Do(func(ns.NetNS) error { return remove(link) })
	}}
	defer func() { err = undo.after(err) }()
	if err := netns.Do(func(ns.NetNS) error { return rename(link, args.IfName) }); err != nil {
		return err
	}
	result.Interfaces = append(result.Interfaces,
		&current.Interface{Name: args.IfName, Mac: mac.String(), Sandbox: netns.Path()})

	mine := &current.Result{Interfaces: result.Interfaces}
	if c.given != nil {
		mine = c.given
		mine.Interfaces = result.Interfaces
	}
	if c.IPAM.Type != "" {
		undoIPAM := undoing{what: "IPAM", how: func() error { return ipam.ExecDel(c.IPAM.Type, args.StdinData) }}
		defer func() { err = undoIPAM.after(err) }()
		if mine, err = c.askIPAM(args.StdinData, result.Interfaces); err != nil {
			return err
		}
	}
	err = netns.Do(func(ns.NetNS) error {
		if allowIPAM {
			if err := allow(args.IfName, mac, mine.IPs); err != nil {
				return err
			}
		}
		return configure(args.IfName, mine)
	})
	if err != nil {
		return err
	}
	result.IPs = append(result.IPs, mine.IPs...)
	result.Routes = append(result.Routes, mine.Routes...)
	if !chained {
		result.DNS = mine.DNS
		if len(c.DNS.Nameservers)+len(c.DNS.Search)+len(c.DNS.Options) > 0 || c.DNS.Domain != "" {
			result.DNS = c.DNS
		}
	}
	return tell(result)
}

// undoing is what a failure takes back.
type undoing struct {
	what string
	how  func() error
}

// after undoes if there is an error, and adds to it what did not go.
func (u undoing) after(err error) error {
	if err == nil {
		return nil
	}
	failed := u.how()
	if failed == nil {
		return err
	}
	var known *types.Error
	if !errors.As(err, &known) {
		known = types.NewError(types.ErrInternal, err.Error(), "")
	}
	return types.NewError(known.Code, known.Msg, fmt.Sprintf("%s; not undone: %s: %v", known.Details, u.what, failed))
}

// previous returns the result of the plugin before this one in a chain.
func (c *conf) previous() (*current.Result, error) {
	if err := version.ParsePrevResult(&c.NetConf); err != nil {
		return nil, types.NewError(types.ErrDecodingFailure, "prevResult: "+err.Error(), "")
	}
	result, err := current.NewResultFromResult(c.PrevResult)
	if err != nil {
		return nil, types.NewError(types.ErrDecodingFailure, "prevResult: "+err.Error(), "")
	}
	return result, nil
}

// isFree fails if this namespace has a device of that name.
func isFree(name string) error {
	there, err := isThere(name)
	if err != nil {
		return types.NewError(types.ErrIOFailure, err.Error(), "")
	}
	if there {
		return types.NewError(types.ErrInvalidEnvironmentVariables,
			fmt.Sprintf("CNI_IFNAME: the container has a device %q already", name), "")
	}
	return nil
}

// rename gives the vNIC its name. Somebody else may have taken it since isFree.
func rename(link netlink.Link, name string) error {
	if err := netlink.LinkSetName(link, name); err != nil {
		return types.NewError(errRefused, fmt.Sprintf("CNI_IFNAME: the vNIC cannot be called %q: %v", name, err), "")
	}
	return nil
}

// askIPAM returns the addresses that the container is to have, for the last interface.
func (c *conf) askIPAM(config []byte, interfaces []*current.Interface) (*current.Result, error) {
	answer, err := ipam.ExecAdd(c.IPAM.Type, config)
	if err != nil {
		return nil, err
	}
	result, err := current.NewResultFromResult(answer)
	if err != nil {
		return nil, types.NewError(types.ErrDecodingFailure, "result of IPAM: "+err.Error(), "")
	}
	if len(result.IPs) == 0 {
		return nil, types.NewError(errRefused, fmt.Sprintf("IPAM plugin %q gave no address", c.IPAM.Type), "")
	}
	result.Interfaces = interfaces
	for _, address := range result.IPs {
		address.Interface = current.Int(len(interfaces) - 1)
	}
	return result, nil
}

// allow makes the addresses of IPAM those that the vNIC may send from: ipguard.
func allow(name string, mac net.HardwareAddr, addresses []*current.IPConfig) error {
	line := []string{"link", "set", "dev", name, "type", kind, "allowed-ips", "add"}
	six := false
	for _, address := range addresses {
		line = append(line, address.Address.IP.String())
		six = six || address.Address.IP.To4() == nil
	}
	if six {
		line = append(line, linkLocal(mac).String())
	}
	_, err := ip(nil, line...)
	return err
}

// configure gives the vNIC its addresses and routes. It is up afterwards, and has told its
// neighbours who has the addresses now.
func configure(name string, result *current.Result) error {
	for _, path := range []string{"net/ipv4/conf/%s/arp_notify", "net/ipv6/conf/%s/ndisc_notify"} {
		// where there is no IPv6 there is no such file
		_, _ = sysctl.Sysctl(fmt.Sprintf(path, name), "1")
	}
	if len(result.IPs) > 0 {
		if err := ipam.ConfigureIface(name, result); err != nil {
			return types.NewError(errRefused, err.Error(), "")
		}
		return nil
	}
	link, err := netlink.LinkByName(name)
	if err == nil {
		err = netlink.LinkSetUp(link)
	}
	if err != nil {
		return types.NewError(errRefused, fmt.Sprintf("%s does not go up: %v", name, err), "")
	}
	return nil
}
