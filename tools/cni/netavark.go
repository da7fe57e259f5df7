// SPDX-License-Identifier: GPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
)

// Podman from 5.0 on speaks no CNI. Its program for networks, netavark, has plugins of its
// own: they are told what to do by their first argument.
var netavarkCommands = map[string]func(in io.Reader, out *json.Encoder, netns string) error{
	"info":     netavarkInfo,
	"create":   netavarkCreate,
	"setup":    netavarkSetup,
	"teardown": netavarkTeardown,
}

// netavarkNetwork is a network as Podman stores it. Podman gives addresses itself.
type netavarkNetwork struct {
	Name     string            `json:"name"`
	Device   string            `json:"network_interface"`
	Internal bool              `json:"internal"`
	Options  map[string]string `json:"options"`
	Subnets  []struct {
		Subnet  types.IPNet `json:"subnet"`
		Gateway net.IP      `json:"gateway"`
	} `json:"subnets"`
	Routes []struct {
		Destination types.IPNet `json:"destination"`
		Gateway     net.IP      `json:"gateway"`
	} `json:"routes"`
}

// netavarkContainer is what is to be done for one container.
type netavarkContainer struct {
	ID      string          `json:"container_id"`
	Name    string          `json:"container_name"`
	Network netavarkNetwork `json:"network"`
	Options struct {
		Device string   `json:"interface_name"`
		IPs    []net.IP `json:"static_ips"`
		MAC    string   `json:"static_mac"`
	} `json:"network_options"`
}

// message tells what CNI has in two fields.
func message(err error) string {
	var known *types.Error
	if errors.As(err, &known) && known.Details != "" {
		return known.Msg + " (" + known.Details + ")"
	}
	return err.Error()
}

func netavarkInfo(_ io.Reader, out *json.Encoder, _ string) error {
	return out.Encode(map[string]string{"version": release, "api_version": "1.0.0"})
}

// netavarkCreate checks a new network, and stores nothing.
func netavarkCreate(in io.Reader, out *json.Encoder, _ string) error {
	network, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	container := &netavarkContainer{}
	if err := json.Unmarshal(network, &container.Network); err != nil {
		return err
	}
	if _, _, _, err := container.translate(""); err != nil {
		return err
	}
	return out.Encode(json.RawMessage(network))
}

func netavarkSetup(in io.Reader, out *json.Encoder, netns string) error {
	container := &netavarkContainer{}
	if err := json.NewDecoder(in).Decode(container); err != nil {
		return err
	}
	c, args, words, err := container.translate(netns)
	if err != nil {
		return err
	}
	if c.given, err = container.addresses(); err != nil {
		return err
	}
	return c.attach(args, words, func(result *current.Result) error {
		return out.Encode(container.status(result))
	})
}

func netavarkTeardown(in io.Reader, _ *json.Encoder, netns string) error {
	container := &netavarkContainer{}
	if err := json.NewDecoder(in).Decode(container); err != nil {
		return err
	}
	c, args, _, err := container.translate(netns)
	if err != nil {
		return err
	}
	return c.deleteFrom(args)
}

// fromOptions makes a configuration of CNI of the options of a network, which are its fields,
// as text. "parent" is its master.
func fromOptions(options map[string]string) (map[string]interface{}, error) {
	config := map[string]interface{}{"cniVersion": current.ImplementedSpecVersion, "type": kind}
	for name, value := range options {
		switch {
		case name == "parent":
			config["master"] = value
		case name == "mtu":
			mtu, err := strconv.ParseUint(value, 10, 32)
			if err != nil {
				return nil, fmt.Errorf("%q: must be a number", name)
			}
			config[name] = mtu
		case value == "true" || value == "false":
			config[name] = value == "true"
		default:
			config[name] = value
		}
	}
	return config, nil
}

// translate says in CNI's words what netavark wants.
func (n *netavarkContainer) translate(netns string) (*conf, *skel.CmdArgs, []string, error) {
	config, err := fromOptions(n.Network.Options)
	if err != nil {
		return nil, nil, nil, err
	}
	config["name"] = n.Network.Name
	if n.Network.Device != "" {
		config["master"] = n.Network.Device
	}
	if n.Options.MAC != "" {
		config["mac"] = n.Options.MAC
	}
	data, err := json.Marshal(config)
	if err != nil {
		return nil, nil, nil, err
	}
	args := &skel.CmdArgs{ContainerID: n.ID, Netns: netns, IfName: n.Options.Device, StdinData: data}
	if n.Name != "" {
		// the next container of that name has the same MAC address
		args.Args = "K8S_POD_NAME=" + n.Name
	}
	c, words, err := parseWhole(args)
	return c, args, words, err
}

// addresses are those that Podman chose, and the routes that go with them.
func (n *netavarkContainer) addresses() (*current.Result, error) {
	result := &current.Result{CNIVersion: current.ImplementedSpecVersion}
	for _, ip := range n.Options.IPs {
		address := &current.IPConfig{Interface: current.Int(0)}
		for _, subnet := range n.Network.Subnets {
			if (*net.IPNet)(&subnet.Subnet).Contains(ip) {
				address.Address = net.IPNet{IP: ip, Mask: subnet.Subnet.Mask}
				address.Gateway = subnet.Gateway
			}
		}
		if address.Address.IP == nil {
			return nil, fmt.Errorf("no subnet of network %q has %s", n.Network.Name, ip)
		}
		result.IPs = append(result.IPs, address)
		if address.Gateway != nil && !n.Network.Internal {
			result.Routes = append(result.Routes, &types.Route{Dst: all(ip), GW: address.Gateway})
		}
	}
	for _, route := range n.Network.Routes {
		result.Routes = append(result.Routes, &types.Route{Dst: net.IPNet(route.Destination), GW: route.Gateway})
	}
	return result, nil
}

// all is the destination of a default route.
func all(ip net.IP) net.IPNet {
	if ip.To4() != nil {
		return net.IPNet{IP: net.IPv4zero, Mask: net.CIDRMask(0, 32)}
	}
	return net.IPNet{IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)}
}

// status tells Podman what the container has.
func (n *netavarkContainer) status(result *current.Result) interface{} {
	type address struct {
		Net     string `json:"ipnet"`
		Gateway net.IP `json:"gateway,omitempty"`
	}
	addresses := []address{}
	for _, one := range result.IPs {
		addresses = append(addresses, address{one.Address.String(), one.Gateway})
	}
	mac := result.Interfaces[len(result.Interfaces)-1].Mac
	return map[string]interface{}{
		"interfaces": map[string]interface{}{
			n.Options.Device: map[string]interface{}{"mac_address": mac, "subnets": addresses},
		},
	}
}

// asNetavark does what netavark wants, if it is netavark that calls. Errors are told to it on
// standard output.
func asNetavark() {
	args := append(os.Args, "", "")
	command, there := netavarkCommands[args[1]]
	if !there {
		return
	}
	out := json.NewEncoder(os.Stdout)
	if err := command(os.Stdin, out, args[2]); err != nil {
		out.Encode(map[string]string{"error": message(err)})
		os.Exit(1)
	}
	os.Exit(0)
}
