// A Sigstore instance: Fulcio with its CT log, Rekor v1, Rekor v2 and a timestamp authority, each on a port of its own.
import { type Handler, json } from './answer.ts';
import { type Running, Service } from './service.ts';
import { CODE_SIGNING, Fulcio, type FulcioSettings } from './sigstore/fulcio.ts';
import { RekorV1 } from './sigstore/rekor-v1.ts';
import { RekorV2, type RekorV2Settings } from './sigstore/rekor-v2.ts';
import { describeTrust, type Trust } from './sigstore/trust.ts';
import { TimestampAuthority, type TsaSettings } from './sigstore/tsa.ts';

export interface SigstoreSettings extends FulcioSettings, RekorV2Settings, TsaSettings {}

export interface SigstoreOptions extends Partial<SigstoreSettings> {
  readonly port?: number;
  /** Organisation in the certificates of the authorities. */
  readonly organization?: string;
}

export interface SigstoreFacts extends Trust {
  /** Fulcio. */
  readonly url: string;
  readonly rekorV1: string;
  readonly rekorV2: string;
  readonly tsa: string;
}

export async function serveSigstore({
  port,
  organization = 'sigstore.example',
  ...chosen
}: SigstoreOptions): Promise<Running<SigstoreFacts>> {
  const settings: SigstoreSettings = {
    issuers: [],
    startsIn: 0,
    lifetimeSeconds: 600,
    extendedKeyUsage: CODE_SIGNING,
    sct: 'good',
    omittedExtensions: [],
    subject: '',
    checkpointDelay: 100,
    tiles: 'served',
    clockAhead: 0,
    ...chosen,
  };

  const service = new Service();
  const listeners = {
    fulcio: await service.open('fulcio', port),
    rekorV1: await service.open('rekor-v1'),
    rekorV2: await service.open('rekor-v2'),
    tsa: await service.open('tsa'),
  };
  // Checkpoints are named after the host of the log's base URL, without the port.
  const logName = '127.0.0.1';
  const fulcio = new Fulcio(organization, settings);
  const rekorV1 = new RekorV1(logName);
  const rekorV2 = new RekorV2(logName, settings);
  const tsa = new TimestampAuthority(organization, settings);
  const trust = describeTrust({
    organization,
    fulcio: { url: listeners.fulcio.origin, service: fulcio },
    rekorV1: { url: listeners.rekorV1.origin, log: rekorV1.log },
    rekorV2: { url: listeners.rekorV2.origin, log: rekorV2.log },
    tsa: { url: listeners.tsa.origin, service: tsa },
    oidc: settings.issuers[0]?.issuer ?? 'http://127.0.0.1',
  });

  listeners.fulcio.serve(orTrust(trust, (exchange) => fulcio.serve(exchange)));
  listeners.rekorV1.serve((exchange) => rekorV1.serve(exchange));
  listeners.rekorV2.serve((exchange) => rekorV2.serve(exchange));
  listeners.tsa.serve((exchange) => tsa.serve(exchange));
  const facts = {
    url: listeners.fulcio.origin,
    rekorV1: listeners.rekorV1.origin,
    rekorV2: listeners.rekorV2.origin,
    tsa: listeners.tsa.origin,
    ...trust,
  };
  return service.ready(facts, (changes) => Object.assign(settings, changes));
}

function orTrust(trust: Trust, handler: Handler): Handler {
  const documents: Readonly<Record<string, object>> = {
    '/.test/trust/trusted_root.json': trust.trustedRoot,
    '/.test/trust/signing_config.rekor1.json': trust.signingConfigs.rekor1,
    '/.test/trust/signing_config.rekor2.json': trust.signingConfigs.rekor2,
  };
  return (exchange) => {
    const document = documents[exchange.url.pathname];
    return document ? json(200, document) : handler(exchange);
  };
}
