// SPDX-License-Identifier: GPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
)

// errRefused is the code of this plugin's own errors, by ip or by the kernel. CNI leaves
// numbers from 100 on to plugins.
const errRefused uint = 100

// conf is the configuration of a network, for one container.
type conf struct {
	types.NetConf
	Master        string `json:"master"`
	MTU           uint   `json:"mtu"`
	MAC           string `json:"mac"`
	MACSeed       string `json:"macSeed"`
	IPMasq        bool   `json:"ipMasq"`
	RuntimeConfig struct {
		MAC string `json:"mac"`
	} `json:"runtimeConfig"`
	Args struct {
		CNI struct {
			MAC string `json:"mac"`
		} `json:"cni"`
	} `json:"args"`

	env envArgs
	// the version that the engine speaks
	own string
	// addresses that somebody else than a plugin for IPAM gave
	given *current.Result
	keys  map[string]interface{}
}

// envArgs are those of CNI_ARGS that matter here; the others are for IPAM.
type envArgs struct {
	types.CommonArgs
	MAC               types.UnmarshallableString
	K8S_POD_NAMESPACE types.UnmarshallableString
	K8S_POD_NAME      types.UnmarshallableString
}

// fields are those of conf, and those that runtimes add or keep for themselves.
var fields = map[string]bool{
	"cniVersion": true, "cniVersions": true, "name": true, "type": true, "capabilities": true,
	"ipam": true, "dns": true, "args": true, "runtimeConfig": true, "prevResult": true,
	"disableCheck": true, "disableGC": true, "deviceID": true, "pciBusID": true,
	"master": true, "mtu": true, "mac": true, "macSeed": true, "ipMasq": true,
}

// options are those of "ip link add ... type vnicx". Their values are the words that ip
// takes, which it checks, and the kernel after it.
var options = map[string]bool{
	"mode": true, "nopromisc": true, "nodst": true, "macaddr": true, "host": true,
	"bcqueuelen": true, "neigh_suppress": true, "announce": true, "flood": true, "trust": true,
	"spoofchk": true, "state": true, "max-groups": true, "max_tx_rate": true, "burst": true,
	"max_rx_rate": true, "storm": true, "class": true, "restricted": true, "raguard": true,
	"dhcpguard": true, "dhcp-block": true, "ipguard": true, "ipguard-in": true,
	"dhcp-trust": true, "max-leases": true, "allowed-ips": true, "vlan": true, "trunk": true,
	"pvlan": true, "clean-traffic": true, "isolated": true, "mirror": true, "bpf": true,
}

// parse reads the configuration, as far as deletion needs it.
func parse(args *skel.CmdArgs) (*conf, error) {
	c := &conf{}
	known, own, err := asKnown(args.StdinData)
	if err == nil {
		args.StdinData, c.own = known, own
		err = json.Unmarshal(known, c)
	}
	if err != nil {
		return nil, types.NewError(types.ErrDecodingFailure, "network configuration: "+err.Error(), "")
	}
	numbers := json.NewDecoder(bytes.NewReader(args.StdinData))
	numbers.UseNumber()
	if err := numbers.Decode(&c.keys); err != nil {
		return nil, types.NewError(types.ErrDecodingFailure, "network configuration: "+err.Error(), "")
	}
	// CNI_ARGS has what runtimes and IPAM agree upon, too.
	env := strings.TrimSuffix(args.Args+";IgnoreUnknown=1", ";")
	if err := types.LoadArgs(strings.TrimPrefix(env, ";"), &c.env); err != nil {
		return nil, types.NewError(types.ErrInvalidEnvironmentVariables, "CNI_ARGS: "+err.Error(), "")
	}
	return c, nil
}

// parseWhole reads the configuration, and its policy as words for ip.
func parseWhole(args *skel.CmdArgs) (*conf, []string, error) {
	c, err := parse(args)
	if err != nil {
		return nil, nil, err
	}
	words, err := c.policy()
	return c, words, err
}

// policy returns the words for ip, and an error if there is a key that nobody knows: a
// misspelt policy would be one that does not hold.
func (c *conf) policy() ([]string, error) {
	var words, names []string
	for name := range c.keys {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		value := c.keys[name]
		// with "/" or ".", other programs mark keys of their own
		if fields[name] || strings.ContainsAny(name, "/.") {
			continue
		}
		if !options[name] {
			text, _ := json.Marshal(value)
			return nil, types.NewError(types.ErrUnsupportedField,
				fmt.Sprintf("unsupported field in network configuration: %q: %s", name, text), "")
		}
		more, err := option(name, value)
		if err != nil {
			return nil, types.NewError(types.ErrInvalidNetworkConfig, fmt.Sprintf("%q: %v", name, err), "")
		}
		words = append(words, more...)
	}
	if c.IPMasq {
		return nil, types.NewError(types.ErrUnsupportedField,
			`unsupported field in network configuration: "ipMasq": true`, "a vNIC is a station on the LAN")
	}
	return words, nil
}

// option returns the words of one option.
func option(name string, value interface{}) ([]string, error) {
	if name == "clean-traffic" {
		switch value {
		case true:
			return []string{name}, nil
		case false, nil:
			return nil, nil
		}
		return nil, fmt.Errorf("must be true or false")
	}
	if value == nil {
		return nil, nil
	}
	list, many := value.([]interface{})
	if !many {
		list = []interface{}{value}
	}
	var all []string
	for _, element := range list {
		words, err := split(element)
		if err != nil {
			return nil, err
		}
		// of bpf, there are two: one for each direction
		if name == "bpf" {
			words = append([]string{name}, words...)
		}
		all = append(all, words...)
	}
	if name == "bpf" {
		return all, nil
	}
	return append([]string{name}, all...), nil
}

func split(value interface{}) ([]string, error) {
	switch value := value.(type) {
	case bool:
		if value {
			return []string{"on"}, nil
		}
		return []string{"off"}, nil
	case json.Number:
		return []string{value.String()}, nil
	case string:
		if words := strings.Fields(value); len(words) > 0 {
			return words, nil
		}
		return nil, fmt.Errorf("is empty")
	}
	return nil, fmt.Errorf("must be the words that ip takes: text, a number, true, false, or a list of these")
}

// ipamWord in allowed-ips stands for the addresses that IPAM gives.
const ipamWord = "ipam"

// takeIPAM takes that word out of the words, and allowed-ips with it if nothing else is
// allowed: ip wants an address after it.
func takeIPAM(words []string) ([]string, bool) {
	option := -1
	for i, word := range words {
		if options[word] {
			option = i
		}
		if option < 0 || words[option] != "allowed-ips" || word != ipamWord {
			continue
		}
		from, to := i, i+1
		if from == option+1 && (to == len(words) || options[words[to]]) {
			from = option
		}
		return append(append([]string{}, words[:from]...), words[to:]...), true
	}
	return words, false
}
