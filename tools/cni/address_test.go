// SPDX-License-Identifier: GPL-2.0

package main

import (
	"net"
	"testing"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	"github.com/vishvananda/netlink"
)

func device(mac string) netlink.Link {
	address, _ := net.ParseMAC(mac)
	return &netlink.Dummy{LinkAttrs: netlink.LinkAttrs{Name: "no-such-device", HardwareAddr: address}}
}

func addressOf(t *testing.T, keys, args, ifname, container, master string) string {
	t.Helper()
	cmd := &skel.CmdArgs{Args: args, IfName: ifname, ContainerID: container,
		StdinData: []byte(`{"name": "lan"` + keys + `}`)}
	c, err := parse(cmd)
	if err != nil {
		t.Fatal(err)
	}
	mac, err := c.address(cmd, device(master))
	if err != nil {
		t.Fatal(err)
	}
	return mac.String()
}

const (
	one = "52:54:00:00:00:01"
	pod = "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-0"
)

// Pods have leases by these addresses: another release may not derive others.
func TestDerivedAddressesStay(t *testing.T) {
	for _, c := range []struct{ keys, args, expected string }{
		{``, pod, "7e:6b:ef:69:3c:10"},
		{`, "macSeed": "cluster"`, pod, "36:52:fd:64:79:44"},
		{``, "", "a6:39:ae:07:42:e1"},
	} {
		if is := addressOf(t, c.keys, c.args, "eth0", "box", one); is != c.expected {
			t.Errorf("%s %s: %s instead of %s", c.keys, c.args, is, c.expected)
		}
	}
}

func TestIdentity(t *testing.T) {
	mine := addressOf(t, ``, pod, "eth0", "box", one)
	if mine != addressOf(t, ``, pod, "eth0", "another box", one) {
		t.Error("a pod's next container has another address")
	}
	for what, other := range map[string]string{
		"pod":       addressOf(t, ``, "K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-1", "eth0", "box", one),
		"namespace": addressOf(t, ``, "K8S_POD_NAMESPACE=blue;K8S_POD_NAME=web-0", "eth0", "box", one),
		"interface": addressOf(t, ``, pod, "net1", "box", one),
		"network":   addressOf(t, `, "name": "dmz"`, pod, "eth0", "box", one),
		"machine":   addressOf(t, ``, pod, "eth0", "box", "52:54:00:00:00:02"),
		"seed":      addressOf(t, `, "macSeed": "cluster"`, pod, "eth0", "box", one),
		"container": addressOf(t, ``, "", "eth0", "box", one),
	} {
		if mine == other {
			t.Errorf("another %s has the same address", what)
		}
	}
	if addressOf(t, ``, "", "eth0", "box", one) == addressOf(t, ``, "", "eth0", "another box", one) {
		t.Error("another container has the same address")
	}
	seed := `, "macSeed": "cluster"`
	if addressOf(t, seed, pod, "eth0", "box", one) != addressOf(t, seed, pod, "eth0", "box", "52:54:00:00:00:02") {
		t.Error("a pod with a seed has another address on another machine")
	}
}

func TestChosenAddress(t *testing.T) {
	conf := `, "mac": "02:00:00:00:00:04"`
	args := conf + `, "args": {"cni": {"mac": "02:00:00:00:00:02"}}`
	runtime := args + `, "runtimeConfig": {"mac": "02:00:00:00:00:01"}`
	for _, c := range []struct{ keys, args, expected string }{
		{runtime, "MAC=02:00:00:00:00:03", "02:00:00:00:00:01"},
		{args, "MAC=02:00:00:00:00:03", "02:00:00:00:00:02"},
		{conf, "MAC=02:00:00:00:00:03", "02:00:00:00:00:03"},
		{conf, pod, "02:00:00:00:00:04"},
		{`, "mode": "passthru"`, pod, one},
	} {
		if is := addressOf(t, c.keys, c.args, "eth0", "box", one); is != c.expected {
			t.Errorf("%s %s: %s instead of %s", c.keys, c.args, is, c.expected)
		}
	}
}

func TestRefusedAddress(t *testing.T) {
	for _, text := range []string{"01:00:5e:00:00:01", "00:00:00:00:00:00", "02:00:00:00:00:00:00:01", "eth0"} {
		cmd := &skel.CmdArgs{StdinData: []byte(`{"mac": "` + text + `"}`)}
		c, err := parse(cmd)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.address(cmd, device(one)); codeOf(err) != types.ErrInvalidNetworkConfig {
			t.Errorf("%s: %v", text, err)
		}
	}
	cmd := &skel.CmdArgs{StdinData: []byte(`{}`), Args: "MAC=ff:ff:ff:ff:ff:ff"}
	c, err := parse(cmd)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.address(cmd, device(one)); codeOf(err) != types.ErrInvalidEnvironmentVariables {
		t.Errorf("broadcast: %v", err)
	}
}

func TestLinkLocal(t *testing.T) {
	mac, _ := net.ParseMAC("02:00:00:00:01:01")
	if is := linkLocal(mac).String(); is != "fe80::ff:fe00:101" {
		t.Error(is)
	}
}

func TestOurs(t *testing.T) {
	link := func(kind, name, mac string, parent int) netlink.Link {
		address, _ := net.ParseMAC(mac)
		attrs := netlink.LinkAttrs{Name: name, HardwareAddr: address, ParentIndex: parent}
		return &netlink.GenericLink{LinkType: kind, LinkAttrs: attrs}
	}
	mac, _ := net.ParseMAC(one)
	other := "52:54:00:00:00:02"
	for _, c := range []struct {
		link          netlink.Link
		made, isFound bool
	}{
		{link("vnicx", "eth0", one, 2), false, true},
		{link("vnicx", "renamed", one, 2), true, true},
		{link("vnicx", "eth0", other, 2), true, true},
		{link("vnicx", "eth0", other, 2), false, false},
		{link("vnicx", "eth1", one, 3), true, false},
		{link("macvlan", "eth0", one, 2), true, false},
	} {
		mine := vnic{macs: []net.HardwareAddr{mac}, master: 2, made: c.made, name: "eth0"}
		if mine.is(c.link) != c.isFound {
			t.Errorf("%+v", c)
		}
	}
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		status int
		said   string
		code   uint
		text   string
	}{
		{255, "Garbage instead of arguments \"vlan ...\". Try \"ip link help\".\n", errRefused, "ip does not know the options of type vnicx: install its plugin"},
		{2, "Error: Unknown device type.\n", errRefused, "the kernel has no vNICs: install the module vnicx for it"},
		{2, "Error: address is in use by vNIC eth0.\n", types.ErrTryAgainLater, "address is in use by vNIC eth0"},
		{2, "RTNETLINK answers: No buffer space available\n", errRefused, "No buffer space available"},
		{255, "Error: qos 9 is not 0 to 7.\n", types.ErrInvalidNetworkConfig, "qos 9 is not 0 to 7"},
	} {
		err, _ := explain(c.status, c.said, []string{"link", "add"}).(*types.Error)
		if err == nil || err.Code != c.code || err.Msg != c.text || err.Details != "ip link add" {
			t.Errorf("%s: %+v", c.said, err)
		}
	}
}
