// The predicate of a large attestation: packages as in SPDX, many short texts.

export function sbom(megabytes: number): object {
  const size = JSON.stringify(packageOf(10_000)).length + 1;
  return {
    spdxVersion: 'SPDX-2.3',
    packages: Array.from({ length: Math.round((megabytes * 1e6) / size) }, (_, index) =>
      packageOf(index),
    ),
  };
}

function packageOf(index: number): object {
  return {
    SPDXID: `SPDXRef-Package-${index}`,
    name: `library-${index}`,
    versionInfo: `1.${index}.0`,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'Apache-2.0',
    comment: 'a "quoted" word',
    size: index,
  };
}
