// SPDX-License-Identifier: GPL-2.0

package main

import (
	"bytes"
	"errors"
	"net"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	"github.com/containernetworking/plugins/pkg/ipam"
	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/vishvananda/netlink"
)

// del takes the container's vNIC away, and succeeds if there is none any more. IPAM is
// asked first, because a DHCP client releases its lease by the vNIC; if it fails, the vNIC
// goes all the same.
func del(args *skel.CmdArgs) error {
	c, err := parse(args)
	if err != nil {
		return err
	}
	if c.IPAM.Type != "" {
		err = ipam.ExecDel(c.IPAM.Type, args.StdinData)
	}
	if args.Netns == "" {
		return err
	}
	if failed := c.deleteFrom(args); failed != nil {
		return failed
	}
	return err
}

func (c *conf) deleteFrom(args *skel.CmdArgs) error {
	netns, err := openNS(args.Netns)
	if err != nil {
		// vNICs go with their namespace
		var known *types.Error
		if errors.As(err, &known) && known.Code != types.ErrIOFailure {
			return nil
		}
		return err
	}
	defer netns.Close()
	mine := c.known(args)
	err = netns.Do(func(ns.NetNS) error {
		links, err := netlink.LinkList()
		if err != nil {
			return err
		}
		for _, link := range links {
			if mine.is(link) {
				if err := remove(link); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return types.NewError(types.ErrIOFailure, "cannot delete the vNIC: "+err.Error(), "")
	}
	return nil
}

// vnic is what a container's vNIC is known by.
type vnic struct {
	macs []net.HardwareAddr
	// 0 if it is not known: a default route, and a name, may have moved
	master int
	// There was a result, which has a vNIC of that name.
	made bool
	name string
}

// known collects that from the result and from the configuration.
func (c *conf) known(args *skel.CmdArgs) vnic {
	mine := vnic{name: args.IfName}
	if c.RawPrevResult != nil {
		if result, err := c.previous(); err == nil {
			for _, one := range result.Interfaces {
				if one.Name == args.IfName && one.Sandbox != "" {
					mine.made = true
					if mac, err := net.ParseMAC(one.Mac); err == nil {
						mine.macs = append(mine.macs, mac)
					}
				}
			}
		}
	}
	if master, err := c.findMaster(); err == nil {
		if c.Master != "" {
			mine.master = master.Attrs().Index
		}
		if mac, err := c.address(args, master); err == nil {
			mine.macs = append(mine.macs, mac)
		}
	}
	return mine
}

// is knows the vNIC by its address, which a container cannot change as it can a name,
// unless it is trusted: then by the name. A vNIC of the same name from another network
// is another one: DEL follows an ADD that failed because the name was taken.
func (v vnic) is(link netlink.Link) bool {
	attrs := link.Attrs()
	if link.Type() != kind || v.master != 0 && attrs.ParentIndex != v.master {
		return false
	}
	for _, mac := range v.macs {
		if bytes.Equal(attrs.HardwareAddr, mac) {
			return true
		}
	}
	return v.made && attrs.Name == v.name
}
