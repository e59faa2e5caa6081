// Says whether Podman, CRI-O and skopeo would run an image: containers/image with a policy.json.
//
//	containers-policy POLICY REGISTRIES.D IMAGE
package main

import (
	"context"
	"fmt"
	"os"

	"go.podman.io/image/v5/docker"
	"go.podman.io/image/v5/image"
	"go.podman.io/image/v5/signature"
	"go.podman.io/image/v5/types"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: containers-policy POLICY REGISTRIES.D IMAGE")
		os.Exit(2)
	}
	if err := judge(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
	fmt.Println("allowed")
}

func judge(ctx context.Context, policyFile, registriesFolder, name string) error {
	policy, err := signature.NewPolicyFromFile(policyFile)
	if err != nil {
		return err
	}
	rules, err := signature.NewPolicyContext(policy)
	if err != nil {
		return err
	}
	defer func() { _ = rules.Destroy() }()
	reference, err := docker.ParseReference("//" + name)
	if err != nil {
		return err
	}
	source, err := reference.NewImageSource(ctx, &types.SystemContext{
		RegistriesDirPath:           registriesFolder,
		DockerInsecureSkipTLSVerify: types.OptionalBoolTrue,
	})
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	_, err = rules.IsRunningImageAllowed(ctx, image.UnparsedInstance(source, nil))
	return err
}
