// SPDX-License-Identifier: GPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/containernetworking/cni/pkg/skel"
	current "github.com/containernetworking/cni/pkg/types/100"
	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Docker finds drivers for networks by their sockets in this directory. It tells a driver once
// of a network and expects that the driver remembers it.
const (
	dockerSocket = "/run/docker/plugins/vnicx.sock"
	dockerState  = "/var/lib/vnicx/docker"
)

// docker is the driver. It remembers networks only: a vNIC's name follows from the EndpointID.
type docker struct {
	state string
	one   sync.Mutex
}

// dockerNetwork is what the driver remembers.
type dockerNetwork struct {
	Config   map[string]interface{} `json:"config"`
	Gateways []string               `json:"gateways"`
}

// dockerPool is a subnet, with the gateway in it.
type dockerPool struct {
	Pool    string
	Gateway string
}

// dockerRequest has the fields of all requests; each method reads its own.
type dockerRequest struct {
	NetworkID  string
	EndpointID string
	Options    struct {
		Generic  map[string]string `json:"com.docker.network.generic"`
		Internal bool              `json:"com.docker.network.internal"`
	}
	IPv4Data  []dockerPool
	IPv6Data  []dockerPool
	Interface struct {
		Address     string
		AddressIPv6 string
		MacAddress  string
	}
}

type dockerAnswer map[string]interface{}

var dockerMethods = map[string]func(*docker, *dockerRequest) (dockerAnswer, error){
	"Plugin.Activate": func(*docker, *dockerRequest) (dockerAnswer, error) {
		return dockerAnswer{"Implements": []string{"NetworkDriver"}}, nil
	},
	"NetworkDriver.GetCapabilities": func(*docker, *dockerRequest) (dockerAnswer, error) {
		return dockerAnswer{"Scope": "local", "ConnectivityScope": "local"}, nil
	},
	"NetworkDriver.CreateNetwork":    (*docker).createNetwork,
	"NetworkDriver.DeleteNetwork":    (*docker).deleteNetwork,
	"NetworkDriver.CreateEndpoint":   (*docker).createEndpoint,
	"NetworkDriver.DeleteEndpoint":   (*docker).deleteEndpoint,
	"NetworkDriver.EndpointOperInfo": dockerNothing,
	"NetworkDriver.Join":             (*docker).join,
	"NetworkDriver.Leave":            dockerNothing,
	"NetworkDriver.DiscoverNew":      dockerNothing,
	"NetworkDriver.DiscoverDelete":   dockerNothing,
	// A vNIC is a station on the LAN: no port of the machine's leads to it.
	"NetworkDriver.ProgramExternalConnectivity": dockerNothing,
	"NetworkDriver.RevokeExternalConnectivity":  dockerNothing,
}

func dockerNothing(*docker, *dockerRequest) (dockerAnswer, error) {
	return dockerAnswer{}, nil
}

// isID tells whether that may be a part of a file's name.
func isID(text string) bool {
	return len(text) >= 8 && strings.Trim(text, "0123456789abcdef") == ""
}

func (d *docker) file(id string) (string, error) {
	if !isID(id) {
		return "", fmt.Errorf("%q is no NetworkID", id)
	}
	return filepath.Join(d.state, id+".json"), nil
}

// createNetwork checks the options and remembers them.
func (d *docker) createNetwork(r *dockerRequest) (dockerAnswer, error) {
	path, err := d.file(r.NetworkID)
	if err != nil {
		return nil, err
	}
	n := &dockerNetwork{}
	if n.Config, err = fromOptions(r.Options.Generic); err != nil {
		return nil, err
	}
	// of the addresses that are derived: the network's ID is another one when it is made anew
	n.Config["name"] = "docker"
	for _, pool := range append(r.IPv4Data, r.IPv6Data...) {
		n.Config["name"] = n.Config["name"].(string) + " " + pool.Pool
		if !r.Options.Internal && pool.Gateway != "" {
			n.Gateways = append(n.Gateways, pool.Gateway)
		}
	}
	c, _, err := n.parse(r)
	if err != nil {
		return nil, err
	}
	if _, err := c.findMaster(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(n)
	if err == nil {
		err = os.MkdirAll(d.state, 0o700)
	}
	if err == nil {
		err = os.WriteFile(path+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	return dockerAnswer{}, err
}

func (d *docker) deleteNetwork(r *dockerRequest) (dockerAnswer, error) {
	path, err := d.file(r.NetworkID)
	if err == nil {
		err = os.Remove(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return dockerAnswer{}, err
}

// network reads what is remembered.
func (d *docker) network(r *dockerRequest) (*dockerNetwork, error) {
	path, err := d.file(r.NetworkID)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	n := &dockerNetwork{}
	return n, json.Unmarshal(text, n)
}

// parse says in CNI's words what a container in the network is to have.
func (n *dockerNetwork) parse(r *dockerRequest) (*conf, []string, error) {
	if r.Interface.MacAddress != "" {
		n.Config["mac"] = r.Interface.MacAddress
	}
	text, err := json.Marshal(n.Config)
	if err != nil {
		return nil, nil, err
	}
	return parseWhole(&skel.CmdArgs{StdinData: text})
}

func (r *dockerRequest) linkName() (string, error) {
	if !isID(r.EndpointID) {
		return "", fmt.Errorf("%q is no EndpointID", r.EndpointID)
	}
	return kind + r.EndpointID[:8], nil
}

// addresses are those that Docker gave.
func (r *dockerRequest) addresses() (addresses []*current.IPConfig, err error) {
	for _, text := range []string{r.Interface.Address, r.Interface.AddressIPv6} {
		if text == "" {
			continue
		}
		ip, subnet, err := net.ParseCIDR(text)
		if err != nil {
			return nil, err
		}
		addresses = append(addresses, &current.IPConfig{Address: net.IPNet{IP: ip, Mask: subnet.Mask}})
	}
	return addresses, nil
}

// createEndpoint makes the vNIC, in the machine's namespace: Docker moves it into the
// container's, where it is a tenant's, and gives it its addresses.
func (d *docker) createEndpoint(r *dockerRequest) (answer dockerAnswer, err error) {
	n, err := d.network(r)
	if err != nil {
		return nil, err
	}
	c, words, err := n.parse(r)
	if err != nil {
		return nil, err
	}
	name, err := r.linkName()
	if err != nil {
		return nil, err
	}
	addresses, err := r.addresses()
	if err != nil {
		return nil, err
	}
	master, err := c.findMaster()
	if err != nil {
		return nil, err
	}
	// the next container with that IP address has the same MAC address
	who := &skel.CmdArgs{ContainerID: r.EndpointID, IfName: "eth"}
	if len(addresses) > 0 {
		who.ContainerID = addresses[0].Address.IP.String()
	}
	mac, err := c.address(who, master)
	if err != nil {
		return nil, err
	}
	here, err := ns.GetCurrentNS()
	if err != nil {
		return nil, err
	}
	defer here.Close()
	words, allowIPAM := takeIPAM(words)
	link, err := c.create(name, here, master, mac, words)
	if err != nil {
		return nil, err
	}
	if allowIPAM {
		undo := undoing{what: "the vNIC", how: func() error { return remove(link) }}
		if err := undo.after(allow(name, mac, addresses)); err != nil {
			return nil, err
		}
	}
	// Docker takes an answer for an address that it gave itself for an error.
	if r.Interface.MacAddress != "" {
		return dockerAnswer{}, nil
	}
	return dockerAnswer{"Interface": map[string]string{"MacAddress": mac.String()}}, nil
}

// deleteEndpoint deletes the vNIC, which may have gone with the container's namespace.
func (d *docker) deleteEndpoint(r *dockerRequest) (dockerAnswer, error) {
	name, err := r.linkName()
	if err != nil {
		return nil, err
	}
	link, err := netlink.LinkByName(name)
	var missing netlink.LinkNotFoundError
	switch {
	case errors.As(err, &missing):
		return dockerAnswer{}, nil
	case err != nil:
		return nil, err
	case link.Type() != kind:
		return nil, fmt.Errorf("%s is no vNIC", name)
	}
	return dockerAnswer{}, remove(link)
}

// join tells Docker which device to move, and the default routes.
func (d *docker) join(r *dockerRequest) (dockerAnswer, error) {
	n, err := d.network(r)
	if err != nil {
		return nil, err
	}
	name, err := r.linkName()
	if err != nil {
		return nil, err
	}
	answer := dockerAnswer{
		"InterfaceName":         map[string]string{"SrcName": name, "DstPrefix": "eth"},
		"DisableGatewayService": true,
	}
	for _, text := range n.Gateways {
		ip, _, err := net.ParseCIDR(text)
		if err != nil {
			return nil, err
		}
		if ip.To4() != nil {
			answer["Gateway"] = ip.String()
		} else {
			answer["GatewayIPv6"] = ip.String()
		}
	}
	return answer, nil
}

// ServeHTTP answers one request after the other.
func (d *docker) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	w.Header().Set("Content-Type", "application/vnd.docker.plugins.v1.1+json")
	method, there := dockerMethods[strings.TrimPrefix(request.URL.Path, "/")]
	if !there {
		w.WriteHeader(http.StatusNotFound)
		json.NewEncoder(w).Encode(dockerAnswer{"Err": "vnicx: no method " + request.URL.Path})
		return
	}
	r := &dockerRequest{}
	// Some methods have an empty body; a wrong one lacks its IDs.
	err := json.NewDecoder(http.MaxBytesReader(w, request.Body, 1<<20)).Decode(r)
	var answer dockerAnswer
	if err == nil || request.ContentLength == 0 {
		d.one.Lock()
		answer, err = method(d, r)
		d.one.Unlock()
	}
	if err != nil {
		answer = dockerAnswer{"Err": "vnicx: " + message(err)}
	}
	json.NewEncoder(w).Encode(answer)
}

// serveDocker is the driver's daemon. Only root talks to it.
func serveDocker() error {
	if err := os.MkdirAll(filepath.Dir(dockerSocket), 0o755); err != nil {
		return err
	}
	if err := os.Remove(dockerSocket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	unix.Umask(0o077)
	socket, err := net.Listen("unix", dockerSocket)
	if err != nil {
		return err
	}
	return http.Serve(socket, &docker{state: dockerState})
}
