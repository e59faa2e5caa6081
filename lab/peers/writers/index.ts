// The writers of the table, in its order.
import { cosign } from './cosign.ts';
import { countersignRekorV1, countersignRekorV2 } from './countersign.ts';
import type { Writer } from './writer.ts';

export const writers: readonly Writer[] = [countersignRekorV2, countersignRekorV1, cosign];
