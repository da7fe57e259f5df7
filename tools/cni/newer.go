// SPDX-License-Identifier: GPL-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/containernetworking/cni/pkg/invoke"
	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
	"github.com/containernetworking/cni/pkg/version"
)

// CNI 1.1 has two commands, and optional fields in results, that the library of Debian 12
// and 13 does not know. All else is as in 1.0.
const newer = "1.1.0"

// errNotReady is STATUS's code of CNI 1.1.
const errNotReady uint = 50

var supported = version.PluginSupports(append(version.All.SupportedVersions(), newer)...)

// asKnown returns a configuration in the version that the library knows, and its own version.
// Plugins for IPAM are older than CNI 1.1, too.
func asKnown(config []byte) (known []byte, own string, err error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(config, &fields); err != nil {
		return nil, "", err
	}
	if text, there := fields["cniVersion"]; there {
		if err := json.Unmarshal(text, &own); err != nil {
			return nil, "", err
		}
	}
	if own != newer {
		return config, own, nil
	}
	fields["cniVersion"], _ = json.Marshal(current.ImplementedSpecVersion)
	if previous, there := fields["prevResult"]; there {
		if fields["prevResult"], _, err = asKnown(previous); err != nil {
			return nil, "", err
		}
	}
	known, err = json.Marshal(fields)
	return known, own, err
}

// print tells the engine the result, in the version of its configuration.
func (c *conf) print(result *current.Result) error {
	if c.own != newer {
		return types.PrintResult(result, c.CNIVersion)
	}
	result.CNIVersion = newer
	return json.NewEncoder(os.Stdout).Encode(result)
}

// asNewer does a command of CNI 1.1, if it is one.
func asNewer() {
	commands := map[string]func(*conf, []byte) error{"STATUS": status, "GC": collect}
	command, there := commands[os.Getenv("CNI_COMMAND")]
	if !there {
		return
	}
	err := runNewer(command, os.Stdin)
	if err == nil {
		os.Exit(0)
	}
	var known *types.Error
	if !errors.As(err, &known) {
		known = types.NewError(types.ErrInternal, err.Error(), "")
	}
	_ = known.Print()
	os.Exit(1)
}

func runNewer(command func(*conf, []byte) error, in io.Reader) error {
	config, err := io.ReadAll(in)
	if err != nil {
		return types.NewError(types.ErrIOFailure, err.Error(), "")
	}
	c, _, err := parseWhole(&skel.CmdArgs{StdinData: config})
	switch {
	case err != nil:
		return err
	case c.own != newer:
		return types.NewError(types.ErrIncompatibleCNIVersion,
			fmt.Sprintf("CNI %s has no %s", c.own, os.Getenv("CNI_COMMAND")), "")
	}
	return command(c, config)
}

// status tells whether ADD could succeed.
func status(c *conf, config []byte) error {
	if _, err := c.findMaster(); err != nil {
		return notReady(err)
	}
	if _, err := os.Stat("/sys/module/" + kind); err != nil {
		if exec.Command("modprobe", "--dry-run", "--quiet", kind).Run() != nil {
			return notReady(errors.New("the kernel has no vNICs: install the module vnicx for it"))
		}
	}
	return c.tellIPAM(config, notReady)
}

func notReady(err error) error {
	return types.NewError(errNotReady, message(err), "")
}

// collect is GC. A vNIC goes with its container's namespace, so only IPAM may have something left.
func collect(c *conf, config []byte) error {
	return c.tellIPAM(config, func(err error) error { return err })
}

// tellIPAM passes the command on, if the plugin for IPAM knows it.
func (c *conf) tellIPAM(config []byte, missing func(error) error) error {
	if c.IPAM.Type == "" {
		return nil
	}
	path, err := invoke.FindInPath(c.IPAM.Type, filepath.SplitList(os.Getenv("CNI_PATH")))
	if err != nil {
		return missing(err)
	}
	info, err := invoke.GetVersionInfo(context.Background(), path, nil)
	if err != nil {
		return missing(err)
	}
	for _, one := range info.SupportedVersions() {
		if one == newer {
			return invoke.ExecPluginWithoutResult(context.Background(), path, config, inherited{}, nil)
		}
	}
	return nil
}

// inherited are the variables that the engine gave.
type inherited struct{}

func (inherited) AsEnv() []string {
	return os.Environ()
}
