// SPDX-License-Identifier: GPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"

	current "github.com/containernetworking/cni/pkg/types/100"
)

const netavarkLAN = `"name": "lan", "subnets": [{"subnet": "192.0.2.0/24", "gateway": "192.0.2.1"}, {"subnet": "2001:db8::/64"}]`

func container(t *testing.T, network, options string) *netavarkContainer {
	t.Helper()
	n := &netavarkContainer{}
	text := fmt.Sprintf(`{"container_id": "0", "container_name": "web", "network": {%s}, "network_options": {%s}}`, network, options)
	if err := json.Unmarshal([]byte(text), n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNetavarkCreate(t *testing.T) {
	for options, expected := range map[string]string{
		`{"parent": "eth0", "mtu": "1400", "raguard": "true", "vlan": "10 qos 3"}`: "",
		`{"ragaurd": "true"}`:       `unsupported field in network configuration: "ragaurd": true`,
		`{"mtu": "big"}`:            `"mtu": must be a number`,
		`{"clean-traffic": "some"}`: `"clean-traffic": must be true or false`,
	} {
		network := `{"name": "lan", "driver": "vnicx", "id": "1", "options": ` + options + `}`
		var out bytes.Buffer
		err := netavarkCreate(strings.NewReader(network), json.NewEncoder(&out), "")
		if expected == "" && (err != nil || !strings.Contains(out.String(), `"id":"1"`)) {
			t.Errorf("%s: %v, %s", options, err, out.String())
		}
		if expected != "" && (err == nil || err.Error() != expected) {
			t.Errorf("%s: %v; expected %s", options, err, expected)
		}
	}
}

func TestNetavarkTranslate(t *testing.T) {
	n := container(t, `"name": "lan", "network_interface": "eth1", "options": {"parent": "eth0", "storm": "1000", "raguard": "true"}`,
		`"interface_name": "eth0", "static_mac": "02:00:00:00:00:77"`)
	c, args, words, err := n.translate("/run/netns/web")
	if err != nil {
		t.Fatal(err)
	}
	if c.Master != "eth1" || c.MAC != "02:00:00:00:00:77" || c.Name != "lan" || args.IfName != "eth0" ||
		c.who(args) != "pod /web" || strings.Join(words, " ") != "raguard on storm 1000" {
		t.Errorf("%+v %+v %q", c, args, words)
	}
}

func TestNetavarkAddresses(t *testing.T) {
	result, err := container(t, netavarkLAN+`, "routes": [{"destination": "198.51.100.0/24", "gateway": "192.0.2.9"}]`,
		`"static_ips": ["192.0.2.7", "2001:db8::7"]`).addresses()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range result.IPs {
		got = append(got, one.Address.String())
	}
	for _, one := range result.Routes {
		got = append(got, one.Dst.String()+" via "+one.GW.String())
	}
	const expected = "192.0.2.7/24 2001:db8::7/64 0.0.0.0/0 via 192.0.2.1 198.51.100.0/24 via 192.0.2.9"
	if strings.Join(got, " ") != expected {
		t.Errorf("%q; expected %s", got, expected)
	}
	result, err = container(t, netavarkLAN+`, "internal": true`, `"static_ips": ["192.0.2.7"]`).addresses()
	if err != nil || len(result.Routes) != 0 {
		t.Errorf("an internal network has routes: %v, %v", result, err)
	}
	if _, err = container(t, netavarkLAN, `"static_ips": ["198.51.100.7"]`).addresses(); err == nil {
		t.Error("an address of no subnet is taken")
	}
}

func TestNetavarkStatus(t *testing.T) {
	n := container(t, netavarkLAN, `"interface_name": "eth0"`)
	text, err := json.Marshal(n.status(&current.Result{
		Interfaces: []*current.Interface{{Mac: "02:00:00:00:00:07"}},
		IPs:        []*current.IPConfig{{Address: net.IPNet{IP: net.IPv4(192, 0, 2, 7), Mask: net.CIDRMask(24, 32)}}},
	}))
	const expected = `{"interfaces":{"eth0":{"mac_address":"02:00:00:00:00:07","subnets":[{"ipnet":"192.0.2.7/24"}]}}}`
	if err != nil || string(text) != expected {
		t.Errorf("%s, %v; expected %s", text, err, expected)
	}
}
