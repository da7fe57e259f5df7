// SPDX-License-Identifier: GPL-2.0

package main

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

const (
	dockerNet = "0123456789abcdef"
	dockerEnd = "fedcba9876543210"
)

// ask returns the driver's answer to one request.
func ask(t *testing.T, d *docker, method, body string) string {
	t.Helper()
	answer := httptest.NewRecorder()
	d.ServeHTTP(answer, httptest.NewRequest("POST", "/"+method, strings.NewReader(body)))
	return strings.TrimSpace(answer.Body.String())
}

func TestDockerActivate(t *testing.T) {
	if got := ask(t, &docker{}, "Plugin.Activate", ""); got != `{"Implements":["NetworkDriver"]}` {
		t.Error(got)
	}
	if got := ask(t, &docker{}, "NetworkDriver.Nonsense", "{}"); got != `{"Err":"vnicx: no method /NetworkDriver.Nonsense"}` {
		t.Error(got)
	}
	if got := ask(t, &docker{}, "NetworkDriver.Join", "{"); !strings.HasPrefix(got, `{"Err":"vnicx: `) {
		t.Error(got)
	}
}

// A network that is refused is not remembered.
func TestDockerCreateNetwork(t *testing.T) {
	const pool = `"IPv4Data": [{"Pool": "192.0.2.0/24", "Gateway": "192.0.2.1/24"}]`
	for options, expected := range map[string]string{
		`{"parent": "lo", "raguard": "true", "com.docker.network.x": "y"}`: `{}`,
		`{"parent": "lo", "ragaurd": "true"}`:                              `{"Err":"vnicx: unsupported field in network configuration: \"ragaurd\": true"}`,
		`{"parent": "nonesuch"}`:                                           `{"Err":"vnicx: master \"nonesuch\": Link not found"}`,
		`{"parent": "lo", "mtu": "big"}`:                                   `{"Err":"vnicx: \"mtu\": must be a number"}`,
	} {
		d := &docker{state: t.TempDir()}
		got := ask(t, d, "NetworkDriver.CreateNetwork",
			`{"NetworkID": "`+dockerNet+`", "Options": {"com.docker.network.generic": `+options+`}, `+pool+`}`)
		if got != expected {
			t.Errorf("%s: %s; expected %s", options, got, expected)
		}
		if files, _ := os.ReadDir(d.state); len(files) > 0 != (expected == "{}") {
			t.Errorf("%s: %d files are left", options, len(files))
		}
	}
}

func TestDockerIDs(t *testing.T) {
	d := &docker{state: t.TempDir()}
	for _, id := range []string{"", "../../etc/passwd", "0123", "0123456789ABCDEF"} {
		for _, method := range []string{"CreateNetwork", "DeleteNetwork", "Join", "CreateEndpoint"} {
			got := ask(t, d, "NetworkDriver."+method, `{"NetworkID": "`+id+`"}`)
			if got != `{"Err":"vnicx: \"`+id+`\" is no NetworkID"}` {
				t.Errorf("%s %q: %s", method, id, got)
			}
		}
		if got := ask(t, d, "NetworkDriver.DeleteEndpoint", `{"EndpointID": "`+id+`"}`); !strings.HasSuffix(got, `is no EndpointID"}`) {
			t.Errorf("%q: %s", id, got)
		}
	}
}

// The driver remembers a network also when it is started again, until it is deleted.
func TestDockerJoin(t *testing.T) {
	const both = `"IPv4Data": [{"Pool": "192.0.2.0/24", "Gateway": "192.0.2.1/24"}],
		"IPv6Data": [{"Pool": "2001:db8::/64", "Gateway": "2001:db8::1/64"}]`
	state := t.TempDir()
	join := func() string {
		return ask(t, &docker{state: state}, "NetworkDriver.Join", `{"NetworkID": "`+dockerNet+`", "EndpointID": "`+dockerEnd+`"}`)
	}
	for internal, gateways := range map[string]string{
		"false": `"Gateway":"192.0.2.1","GatewayIPv6":"2001:db8::1",`,
		"true":  ``,
	} {
		ask(t, &docker{state: state}, "NetworkDriver.CreateNetwork", `{"NetworkID": "`+dockerNet+`", "Options":
			{"com.docker.network.generic": {"parent": "lo"}, "com.docker.network.internal": `+internal+`}, `+both+`}`)
		expected := `{"DisableGatewayService":true,` + gateways + `"InterfaceName":{"DstPrefix":"eth","SrcName":"vnicxfedcba98"}}`
		if got := join(); got != expected {
			t.Errorf("internal %s: %s; expected %s", internal, got, expected)
		}
	}
	if got := ask(t, &docker{state: state}, "NetworkDriver.DeleteNetwork", `{"NetworkID": "`+dockerNet+`"}`); got != "{}" {
		t.Error(got)
	}
	if got := join(); !strings.HasPrefix(got, `{"Err":`) {
		t.Errorf("a deleted network is joined: %s", got)
	}
}
