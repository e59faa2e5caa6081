// Says whether Docker's build policies find a valid signature of an index: their own resolver of signature chains, and
// sigstore-go with their thresholds and a trusted root of our choice. They match the signer in a policy of the user, so here it is printed.
//
//	docker-policy TRUSTED_ROOT NAME@DIGEST PLATFORM
package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/core/remotes"
	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/platforms"
	"github.com/moby/policy-helpers/image"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: docker-policy TRUSTED_ROOT NAME@DIGEST PLATFORM")
		os.Exit(2)
	}
	signer, err := judge(context.Background(), os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
	fmt.Println("allowed:", signer)
}

func judge(ctx context.Context, rootFile, name, platformName string) (string, error) {
	trusted, err := root.NewTrustedRootFromPath(rootFile)
	if err != nil {
		return "", err
	}
	platform, err := platforms.Parse(platformName)
	if err != nil {
		return "", err
	}
	chain, err := resolve(ctx, name, &platform)
	if err != nil {
		return "", err
	}
	signature, err := bundleIn(ctx, chain)
	if err != nil {
		return "", err
	}
	return verifyBundle(signature, trusted, chain.AttestationManifest.Digest.Encoded())
}

func resolve(ctx context.Context, name string, platform *ocispecs.Platform) (*image.SignatureChain, error) {
	hosts := docker.ConfigureDefaultRegistries(docker.WithPlainHTTP(docker.MatchLocalhost))
	resolver := docker.NewResolver(docker.ResolverOptions{Hosts: hosts})
	resolved, index, err := resolver.Resolve(ctx, name)
	if err != nil {
		return nil, err
	}
	fetcher, err := resolver.Fetcher(ctx, resolved)
	if err != nil {
		return nil, err
	}
	referrers, ok := fetcher.(remotes.ReferrersFetcher)
	if !ok {
		return nil, errors.New("the client lists no referrers")
	}
	chain, err := image.ResolveSignatureChain(ctx, repository{fetcher, referrers}, index, platform)
	if err != nil {
		return nil, err
	}
	if chain.AttestationManifest == nil {
		return nil, errors.New("no attestation manifest")
	}
	if chain.SignatureManifest == nil {
		return nil, errors.New("no signature of the attestation manifest")
	}
	return chain, nil
}

func bundleIn(ctx context.Context, chain *image.SignatureChain) (*bundle.Bundle, error) {
	manifest, err := chain.OCIManifest(ctx, chain.SignatureManifest)
	if err != nil {
		return nil, err
	}
	if len(manifest.Layers) == 0 || manifest.Layers[0].MediaType != image.ArtifactTypeSigstoreBundle {
		return nil, fmt.Errorf("the first signature is no bundle: %s", manifest.ArtifactType)
	}
	data, err := image.ReadBlob(ctx, chain.Provider, manifest.Layers[0])
	if err != nil {
		return nil, err
	}
	signed := new(bundle.Bundle)
	return signed, signed.UnmarshalJSON(data)
}

func verifyBundle(signed *bundle.Bundle, trusted root.TrustedMaterial, digest string) (string, error) {
	verifier, err := verify.NewVerifier(trusted,
		verify.WithObserverTimestamps(1), verify.WithTransparencyLog(1), verify.WithSignedCertificateTimestamps(1))
	if err != nil {
		return "", err
	}
	bytes, err := hex.DecodeString(digest)
	if err != nil {
		return "", err
	}
	anyone, err := verify.NewShortCertificateIdentity("", ".*", "", ".*")
	if err != nil {
		return "", err
	}
	result, err := verifier.Verify(signed,
		verify.NewPolicy(verify.WithArtifactDigest("sha256", bytes), verify.WithCertificateIdentity(anyone)))
	if err != nil {
		return "", err
	}
	return result.Signature.Certificate.SubjectAlternativeName, nil
}

// A repository as the resolver reads it.
type repository struct {
	remotes.Fetcher
	remotes.ReferrersFetcher
}

func (r repository) ReaderAt(ctx context.Context, desc ocispecs.Descriptor) (content.ReaderAt, error) {
	body, err := r.Fetch(ctx, desc)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	return blob{bytes.NewReader(data)}, err
}

type blob struct{ *bytes.Reader }

func (blob) Close() error { return nil }
