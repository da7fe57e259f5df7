// SPDX-License-Identifier: GPL-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
)

func parsed(t *testing.T, keys string) *conf {
	t.Helper()
	c, err := parse(&skel.CmdArgs{StdinData: []byte(`{"cniVersion": "1.0.0", "name": "lan", "type": "vnicx"` + keys + `}`)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func codeOf(err error) uint {
	var known *types.Error
	if errors.As(err, &known) {
		return known.Code
	}
	return 0
}

func TestWords(t *testing.T) {
	for keys, expected := range map[string]string{
		``: "",
		`, "master": "eth0", "mtu": 1400, "mac": "02:00:00:00:00:01", "macSeed": "a", "ipam": {"type": "static"}`: "",
		`, "mode": "vepa"`:                              "mode vepa",
		`, "vlan": 10`:                                  "vlan 10",
		`, "vlan": "10 qos 3"`:                          "vlan 10 qos 3",
		`, "trust": false, "spoofchk": true`:            "spoofchk on trust off",
		`, "trust": null`:                               "",
		`, "max_tx_rate": "100mbit", "burst": "64k"`:    "burst 64k max_tx_rate 100mbit",
		`, "clean-traffic": true, "storm": 1000`:        "clean-traffic storm 1000",
		`, "clean-traffic": false`:                      "",
		`, "allowed-ips": ["192.0.2.1", "fe80::/10"]`:   "allowed-ips 192.0.2.1 fe80::/10",
		`, "bpf": ["tx pinned /a", "rx pinned /b"]`:     "bpf tx pinned /a bpf rx pinned /b",
		`, "vlan": 18446744073709551616`:                "vlan 18446744073709551616",
		`, "example.com/key": {}, "deviceID": "0000:1"`: "",
	} {
		words, err := parsed(t, keys).policy()
		if err != nil || strings.Join(words, " ") != expected {
			t.Errorf("%s: %q, %v; expected %q", keys, words, err, expected)
		}
	}
}

func TestRefusedFields(t *testing.T) {
	for keys, expected := range map[string]uint{
		`, "spoofchek": "off"`:     types.ErrUnsupportedField,
		`, "ipMasq": true`:         types.ErrUnsupportedField,
		`, "vlan": ""`:             types.ErrInvalidNetworkConfig,
		`, "vlan": {"id": 10}`:     types.ErrInvalidNetworkConfig,
		`, "trust": [["on"]]`:      types.ErrInvalidNetworkConfig,
		`, "clean-traffic": "off"`: types.ErrInvalidNetworkConfig,
		`, "clean-traffic": []`:    types.ErrInvalidNetworkConfig,
	} {
		if _, err := parsed(t, keys).policy(); codeOf(err) != expected {
			t.Errorf("%s: %v; expected code %d", keys, err, expected)
		}
	}
	_, err := parsed(t, `, "spoofchek": "off"`).policy()
	if text := fmt.Sprint(err); !strings.Contains(text, `"spoofchek": "off"`) {
		t.Errorf("the field and its value are not in %q", text)
	}
}

func TestParseRefuses(t *testing.T) {
	for keys, expected := range map[string]uint{
		`"mtu": -1`:         types.ErrDecodingFailure,
		`"mtu": "big"`:      types.ErrDecodingFailure,
		`"master": ["eth0"`: types.ErrDecodingFailure,
	} {
		if _, err := parse(&skel.CmdArgs{StdinData: []byte(`{` + keys + `}`)}); codeOf(err) != expected {
			t.Errorf("%s: %v; expected code %d", keys, err, expected)
		}
	}
	if _, err := parse(&skel.CmdArgs{StdinData: []byte(`{}`), Args: "MAC"}); codeOf(err) != types.ErrInvalidEnvironmentVariables {
		t.Errorf("CNI_ARGS without a value: %v", err)
	}
	if _, err := parse(&skel.CmdArgs{StdinData: []byte(`{}`), Args: "IP=192.0.2.1;MAC=02:00:00:00:00:01"}); err != nil {
		t.Errorf("CNI_ARGS for IPAM: %v", err)
	}
}

func TestTakeIPAM(t *testing.T) {
	for line, expected := range map[string]string{
		"ipguard static allowed-ips ipam":                  "ipguard static",
		"allowed-ips ipam ipguard static":                  "ipguard static",
		"allowed-ips 192.0.2.1 ipam fe80::1 ipguard-in on": "allowed-ips 192.0.2.1 fe80::1 ipguard-in on",
	} {
		words, taken := takeIPAM(strings.Fields(line))
		if !taken || strings.Join(words, " ") != expected {
			t.Errorf("%s: %q, %v", line, words, taken)
		}
	}
	if words, taken := takeIPAM([]string{"allowed-ips", "192.0.2.1", "mirror", "ipam"}); taken || len(words) != 4 {
		t.Errorf("a mirror called ipam: %q", words)
	}
}

// The options are those that ip's plugin knows, in tools/ip. "flag" is another way
// to say "nopromisc" and "nodst".
func TestOptionsAreThoseOfIP(t *testing.T) {
	source, err := os.ReadFile("../ip/options.c")
	if err != nil {
		t.Fatal(err)
	}
	const (
		macros = `OPTION_(?:WORDS|ON_OFF|AUTO|NUMBER|FLAG)\("([^"]+)"`
		entry  = `\{ \.name = "([^"]+)"[^{}]*(?:\{[^{}]*)?\.parse = `
	)
	found := map[string]bool{"flag": true}
	for _, match := range regexp.MustCompile(macros+`|`+entry).FindAllStringSubmatch(string(source), -1) {
		found[match[1]+match[2]] = true
	}
	for name := range found {
		if !options[name] && name != "flag" {
			t.Errorf("ip knows %q", name)
		}
	}
	for name := range options {
		if !found[name] {
			t.Errorf("ip does not know %q", name)
		}
	}
	for name := range compared {
		if !options[name] {
			t.Errorf("check compares %q, which is no option", name)
		}
	}
	for name := range options {
		if fields[name] {
			t.Errorf("%q is a field of CNI as well", name)
		}
	}
}
