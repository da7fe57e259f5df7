// SPDX-License-Identifier: GPL-2.0

package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/containernetworking/cni/pkg/types"
	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const kind = "vnicx"

// ip runs it in the namespace of the calling thread. Its plugin alone knows the words of
// type vnicx; files are 3 and the following descriptors.
func ip(files []*os.File, words ...string) (string, error) {
	path, err := exec.LookPath("ip")
	for _, dir := range []string{"/usr/sbin", "/usr/bin", "/sbin", "/bin"} {
		if err == nil {
			break
		}
		path, err = exec.LookPath(dir + "/ip")
	}
	if err != nil {
		return "", types.NewError(errRefused, "there is no program ip: install iproute2", "")
	}
	var out, said bytes.Buffer
	cmd := exec.Command(path, words...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = &out, &said, files
	err = cmd.Run()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return out.String(), nil
	case errors.As(err, &failed):
		return "", explain(failed.ExitCode(), said.String(), words)
	}
	return "", types.NewError(types.ErrIOFailure, err.Error(), path)
}

// explain turns what ip says into an error of CNI. It exits with 2 when the kernel refuses,
// with anything else when it does not understand.
func explain(status int, said string, words []string) error {
	said = strings.TrimSpace(strings.ReplaceAll(said, "RTNETLINK answers: ", ""))
	said = strings.TrimSuffix(strings.TrimPrefix(said, "Error: "), ".")
	details := "ip " + strings.Join(words, " ")
	switch {
	case strings.Contains(said, "Garbage instead of arguments"):
		return types.NewError(errRefused, "ip does not know the options of type vnicx: install its plugin", details)
	case strings.Contains(said, "Unknown device type"):
		return types.NewError(errRefused, "the kernel has no vNICs: install the module vnicx for it", details)
	case strings.HasPrefix(said, "address is in use"):
		// of a pod that is on its way out, perhaps
		return types.NewError(types.ErrTryAgainLater, said, details)
	case status != 2:
		return types.NewError(types.ErrInvalidNetworkConfig, said, details)
	}
	return types.NewError(errRefused, said, details)
}

// findMaster returns the lower device: the one of the configuration, or that of the
// default route.
func (c *conf) findMaster() (netlink.Link, error) {
	if c.Master != "" {
		link, err := netlink.LinkByName(c.Master)
		if err != nil {
			return nil, types.NewError(types.ErrInvalidNetworkConfig, fmt.Sprintf("master %q: %v", c.Master, err), "")
		}
		return link, nil
	}
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		routes, err := netlink.RouteList(nil, family)
		if err != nil {
			return nil, types.NewError(types.ErrIOFailure, "routes: "+err.Error(), "")
		}
		for _, route := range routes {
			if route.Dst == nil && route.LinkIndex > 0 {
				return netlink.LinkByIndex(route.LinkIndex)
			}
		}
	}
	return nil, types.NewError(types.ErrInvalidNetworkConfig,
		"no master in the network configuration, and no default route to take its device", "")
}

// newName returns a device's name that nobody else has. The kernel looks for the name of a new
// vNIC in the namespace of the master as well.
func newName() (string, error) {
	random := make([]byte, 4)
	if _, err := rand.Read(random); err != nil {
		return "", types.NewError(types.ErrIOFailure, err.Error(), "")
	}
	return kind + hex.EncodeToString(random), nil
}

// create makes a vNIC in that namespace.
func (c *conf) create(name string, netns ns.NetNS, master netlink.Link, mac net.HardwareAddr,
	words []string) (netlink.Link, error) {
	file, err := os.Open(fmt.Sprintf("/proc/self/fd/%d", netns.Fd()))
	if err != nil {
		return nil, types.NewError(types.ErrIOFailure, err.Error(), "")
	}
	defer file.Close()
	line := []string{"link", "add", "link", master.Attrs().Name, "name", name, "netns", "/proc/self/fd/3"}
	line = append(line, "address", mac.String())
	if c.MTU != 0 {
		line = append(line, "mtu", strconv.FormatUint(uint64(c.MTU), 10))
	}
	line = append(append(line, "type", kind), words...)
	if _, err := ip([]*os.File{file}, line...); err != nil {
		return nil, err
	}
	var link netlink.Link
	err = netns.Do(func(ns.NetNS) (err error) {
		link, err = netlink.LinkByName(name)
		return err
	})
	return link, err
}

// isThere tells whether this namespace has a device of that name.
func isThere(name string) (bool, error) {
	var missing netlink.LinkNotFoundError
	_, err := netlink.LinkByName(name)
	if errors.As(err, &missing) {
		return false, nil
	}
	return err == nil, err
}

// remove deletes a vNIC of this namespace, which may be gone meanwhile.
func remove(link netlink.Link) error {
	err := netlink.LinkDel(link)
	if errors.Is(err, unix.ENODEV) {
		return nil
	}
	return err
}
