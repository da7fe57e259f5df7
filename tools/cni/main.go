// SPDX-License-Identifier: GPL-2.0

// The CNI plugin vnicx gives containers a vNIC: docs/cni.md.
package main

import (
	"runtime"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/version"
)

// release is set by the linker.
var release = "of no release"

// Entering a namespace is a thread's doing.
func init() {
	runtime.LockOSThread()
}

func main() {
	skel.PluginMain(add, check, del, version.All, "CNI plugin vnicx "+release)
}
