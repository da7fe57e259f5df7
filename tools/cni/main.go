// SPDX-License-Identifier: GPL-2.0

// The CNI plugin vnicx gives containers a vNIC: docs/cni.md.
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/containernetworking/cni/pkg/skel"
)

// release is set by the linker.
var release = "of no release"

// Entering a namespace is a thread's doing.
func init() {
	runtime.LockOSThread()
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "docker" {
		fmt.Fprintln(os.Stderr, "vnicx:", serveDocker())
		os.Exit(1)
	}
	asNetavark()
	asNewer()
	skel.PluginMain(add, check, del, supported, "CNI plugin vnicx "+release)
}
