// SPDX-License-Identifier: GPL-2.0

// engine does with a CNI network what container engines do, by the library that they use.
//
//	engine add|check|del FILE NETNS IFNAME CONTAINER
//	engine version PLUGIN
//
// FILE is a list of plugins, NAME.conflist, or the configuration of a single one.
// CNI_PATH has the plugins, CNI_ARGS the arguments, CAP_ARGS those of capabilities in
// JSON, and CNI_CACHE the directory for results.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/types"
)

func pairs(text string) [][2]string {
	var all [][2]string
	for _, pair := range strings.Split(text, ";") {
		if i := strings.Index(pair, "="); i > 0 {
			all = append(all, [2]string{pair[:i], pair[i+1:]})
		}
	}
	return all
}

// configuration reads one as engines do: libcni calls plugins by a list only.
func configuration(path string) (*libcni.NetworkConfigList, error) {
	if filepath.Ext(path) == ".conflist" {
		return libcni.ConfListFromFile(path)
	}
	single, err := libcni.ConfFromFile(path)
	if err != nil {
		return nil, err
	}
	return libcni.ConfListFromConf(single)
}

func run() error {
	ctx := context.Background()
	path := filepath.SplitList(os.Getenv("CNI_PATH"))
	cni := libcni.NewCNIConfigWithCacheDir(path, os.Getenv("CNI_CACHE"), nil)
	if len(os.Args) == 3 && os.Args[1] == "version" {
		info, err := cni.GetVersionInfo(ctx, os.Args[2])
		if err == nil {
			fmt.Println(strings.Join(info.SupportedVersions(), " "))
		}
		return err
	}
	if len(os.Args) != 6 {
		return errors.New("usage: engine add|check|del FILE NETNS IFNAME CONTAINER")
	}
	list, err := configuration(os.Args[2])
	if err != nil {
		return err
	}
	runtime := &libcni.RuntimeConf{NetNS: os.Args[3], IfName: os.Args[4], ContainerID: os.Args[5]}
	runtime.Args = pairs(os.Getenv("CNI_ARGS"))
	if capabilities := os.Getenv("CAP_ARGS"); capabilities != "" {
		if err := json.Unmarshal([]byte(capabilities), &runtime.CapabilityArgs); err != nil {
			return err
		}
	}
	switch os.Args[1] {
	case "add":
		result, err := cni.AddNetworkList(ctx, list, runtime)
		if err == nil {
			err = result.Print()
		}
		return err
	case "check":
		return cni.CheckNetworkList(ctx, list, runtime)
	case "del":
		return cni.DelNetworkList(ctx, list, runtime)
	}
	return fmt.Errorf("no such command: %s", os.Args[1])
}

func main() {
	if err := run(); err != nil {
		var known *types.Error
		if errors.As(err, &known) {
			fmt.Fprintf(os.Stderr, "code %d: ", known.Code)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
