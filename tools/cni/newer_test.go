// SPDX-License-Identifier: GPL-2.0

package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/containernetworking/cni/pkg/types"
)

func TestAsKnown(t *testing.T) {
	for config, expected := range map[string]string{
		`{"cniVersion":"1.1.0","name":"lan"}`:                             `{"cniVersion":"1.0.0","name":"lan"}`,
		`{"cniVersion":"1.1.0","prevResult":{"cniVersion":"1.1.0"}}`:      `{"cniVersion":"1.0.0","prevResult":{"cniVersion":"1.0.0"}}`,
		`{"name":"lan","cniVersion":"0.4.0"}`:                             `{"name":"lan","cniVersion":"0.4.0"}`,
		`{"cniVersion":"1.2.0"}`:                                          `{"cniVersion":"1.2.0"}`,
		`{"name":"lan"}`:                                                  `{"name":"lan"}`,
		`{"cniVersion":"1.1.0","big":18446744073709551615,"list":[1, 2]}`: `{"big":18446744073709551615,"cniVersion":"1.0.0","list":[1,2]}`,
	} {
		if got, _, err := asKnown([]byte(config)); err != nil || string(got) != expected {
			t.Errorf("%s: %s, %v; expected %s", config, got, err, expected)
		}
	}
	for _, config := range []string{``, `[]`, `{"cniVersion":1}`, `{"cniVersion":"1.1.0","prevResult":"x"}`} {
		if got, _, err := asKnown([]byte(config)); err == nil {
			t.Errorf("%q is taken as %s", config, got)
		}
	}
}

func TestStatus(t *testing.T) {
	const rest = `"name": "lan", "type": "vnicx", "master": `
	for config, code := range map[string]uint{
		`{"cniVersion": "1.0.0", ` + rest + `"lo"}`:                    types.ErrIncompatibleCNIVersion,
		`{"cniVersion": "1.1.0", ` + rest + `"nonesuch"}`:              errNotReady,
		`{"cniVersion": "1.1.0", ` + rest + `"lo", "ragaurd": "true"}`: types.ErrUnsupportedField,
		`{"cniVersion": "1.1.0", ` + rest:                              types.ErrDecodingFailure,
	} {
		var known *types.Error
		if err := runNewer(status, strings.NewReader(config)); !errors.As(err, &known) || known.Code != code {
			t.Errorf("%s: %v; expected code %d", config, err, code)
		}
	}
}

// GC has nothing to do without a plugin for IPAM.
func TestCollect(t *testing.T) {
	const config = `{"cniVersion": "1.1.0", "name": "lan", "type": "vnicx", "cni.dev/valid-attachments": []`
	if err := runNewer(collect, strings.NewReader(config+"}")); err != nil {
		t.Error(err)
	}
	if err := runNewer(collect, strings.NewReader(config+`, "ipam": {"type": "nonesuch"}}`)); err == nil {
		t.Error("a plugin for IPAM that is not there is no error")
	}
}
