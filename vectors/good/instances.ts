// Bundles of an instance that keeps no log of signatures or certificates, as GitHub's own: the timestamp is all there is.
import { createAuthorities } from '../../interop/stack/authorities.ts';
import { good } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Workshop } from '../workshop.ts';

export async function instances(workshop: Workshop): Promise<readonly Draft[]> {
  const { sign, issue, of, signer, trustedRoot } = workshop;
  const { fulcio } = createAuthorities('countersign-unlogged.example');
  const bundle = await sign({ by: await issue({ authority: fulcio, sct: 'none' }), logs: [] });
  const certificates = fulcio.chain.map((pem) => ({ rawBytes: pem.replaceAll(/-----[^-]+-----|\s/g, '') }));
  const authority = { subject: { organization: fulcio.organization, commonName: fulcio.commonName }, uri: 'https://fulcio.unlogged.example', certChain: { certificates }, validFor: { start: '2024-01-01T00:00:00Z' } };
  const unlogged = { ...trustedRoot, tlogs: [], ctlogs: [], certificateAuthorities: [authority] };
  const both = `${JSON.stringify(trustedRoot)}\n${JSON.stringify(unlogged)}\n`;
  return [
    good('without-logs', 'Of an instance without logs: no entry and no certificate timestamp, a timestamp alone', { ...of(bundle, { trustedRoot: unlogged }), signer }),
    good('without-logs-beside', 'The same, with the roots of both instances, one a line', { ...of(bundle, { trustedRoot: both }), signer }),
  ];
}
