// SLSA provenance v1 and v0.2 of known build types: the run that wrote it, its builder and its materials.
import type { Material, Provenance, RunFact } from '../model/provenance.ts';
import type { Statement } from '../model/statement.ts';
import { NAMED_TYPES, PROVENANCE_TYPE } from '../model/types.ts';
import { BUILDKIT_TYPES, buildkitFacts } from './buildkit.ts';
import { type Json, recordAt, recordsAt, textAt } from './fields.ts';
import { GITHUB_TYPES, githubFacts } from './github.ts';
import { generatorFacts, isOfGenerator } from './slsa-generator.ts';

/** Maximum number of materials: a build may have hundreds. */
const MATERIALS = 20;
const DIGESTS = 4;

/** Undefined for statements of other types. */
export function readProvenance({ predicateType, predicate }: Statement): Provenance | undefined {
  if (NAMED_TYPES['provenance']?.includes(predicateType) !== true) return undefined;
  const isV1 = predicateType === PROVENANCE_TYPE;
  const definition = isV1 ? recordAt(predicate, 'buildDefinition') : predicate;
  const buildType = textAt(definition, 'buildType') ?? '';
  const run = isV1 ? recordAt(predicate, 'runDetails') : predicate;
  const builder = textAt(recordAt(run, 'builder'), 'id');
  return {
    buildType,
    ...(builder === undefined ? {} : { builder }),
    run: factsIn(predicate, buildType, builder),
    materials: recordsAt(definition, isV1 ? 'resolvedDependencies' : 'materials')
      .slice(0, MATERIALS)
      .flatMap(materialIn),
  };
}

function factsIn(
  predicate: Json,
  buildType: string,
  builder: string | undefined,
): readonly RunFact[] {
  if (GITHUB_TYPES.includes(buildType)) return githubFacts(predicate);
  if (isOfGenerator(buildType)) return generatorFacts(predicate, buildType);
  return BUILDKIT_TYPES.includes(buildType) ? buildkitFacts(builder) : [];
}

function materialIn(json: Json): readonly Material[] {
  const uri = textAt(json, 'uri');
  if (uri === undefined) return [];
  const digests = recordAt(json, 'digest');
  const digest = Object.keys(digests)
    .slice(0, DIGESTS)
    .map((name) => [name, textAt(digests, name) ?? ''] as const);
  return [{ uri, digest: Object.fromEntries(digest) }];
}
