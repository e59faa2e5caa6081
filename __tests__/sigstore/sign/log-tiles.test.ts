// Proofs computed from tiles equal those of the log itself, for every size.
import { afterAll, describe, expect, test } from '@jest/globals';

import { proveInclusion, type ReadPath } from '../../../src/sigstore/sign/log-tiles.ts';
import { MerkleTree } from '../../../lab/services/sigstore/merkle.ts';

const trees = new Map<number, MerkleTree>();

afterAll(() => trees.clear());

function treeOf(size: number): MerkleTree {
  const tree = trees.get(size) ?? new MerkleTree();
  for (let index = tree.size; index < size; index++) tree.append(entryAt(index));
  trees.set(size, tree);
  return tree;
}

function entryAt(index: number): Buffer {
  return Buffer.from(`entry ${index}`);
}

/** In the form that a log serves, with the requested paths. */
function served(
  tree: MerkleTree,
  checkpoint = `log.example\n${tree.size}\n${tree.root().toString('base64')}\n\n\u2014 log.example AAAAAA==\n`,
): { readonly read: ReadPath; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    read: (path) => {
      asked.push(path);
      if (path === 'checkpoint') return Promise.resolve(Buffer.from(checkpoint));
      const [, level = '', number = '', width = '256'] =
        /^tile\/(\d)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
      const digits = Number(number.replaceAll(/[x/]/g, ''));
      const tile = tree.tile(Number(level), digits, Number(width));
      return tile ? Promise.resolve(tile) : Promise.reject(new RangeError(`no ${path}`));
    },
  };
}

describe('a proof', () => {
  test.each([
    [1, [0]],
    [2, [0, 1]],
    [3, [0, 2]],
    [255, [0, 128, 254]],
    [256, [0, 255]],
    [257, [0, 255, 256]],
    [1000, [0, 511, 768, 999]],
    [65_536, [0, 65_535]],
    [66_000, [1, 65_535, 65_999]],
  ])('is computed in a tree of %d entries', async (size, indices) => {
    const tree = treeOf(size);
    for (const index of indices) {
      const { read } = served(tree);
      expect(await proveInclusion(read, entryAt(index), index)).toEqual({
        treeSize: size,
        rootHash: tree.root(),
        hashes: tree.proof(index),
        checkpoint: expect.stringContaining(`log.example\n${size}\n`),
      });
    }
  });

  test('requests each tile once, at the path of its number', async () => {
    const { read, asked } = served(treeOf(66_000));
    await proveInclusion(read, entryAt(65_999), 65_999);
    expect(asked).toEqual(['checkpoint', 'tile/0/257.p/208', 'tile/2/000.p/1', 'tile/1/001.p/1']);
  });

  test('groups the digits of a large number in the path', async () => {
    const asked: string[] = [];
    const size = 1_234_067 * 256;
    const read: ReadPath = (path) => {
      asked.push(path);
      return path === 'checkpoint'
        ? Promise.resolve(Buffer.from(`log.example\n${size}\nAAAA\n`))
        : Promise.reject(new RangeError('enough'));
    };
    await expect(proveInclusion(read, entryAt(0), size - 256)).rejects.toThrow('enough');
    expect(asked).toEqual(['checkpoint', 'tile/0/x001/x234/066']);
  });
});

describe('a missing proof', () => {
  const tree = treeOf(1000);

  test.each<[string, string | undefined, number, RegExp]>([
    ['for another entry', undefined, 3, /another entry/],
    ['without a size', 'log.example\nmany\nAAAA\n', 7, /no size/],
    ['without a checkpoint', '<html>', 7, /no size/],
    ['under another root', 'log.example\n1000\nAAAA\n', 7, /of another tree/],
    ['without a tile of it', 'log.example\n999\nAAAA\n', 7, /no tile/],
  ])('is reported %s', async (_, checkpoint, index, message) => {
    const { read } = served(tree, checkpoint);
    await expect(proveInclusion(read, entryAt(7), index)).rejects.toThrow(message);
  });

  test('is reported until the checkpoint covers the entry', async () => {
    const { read, asked } = served(tree);
    expect(await proveInclusion(read, entryAt(1000), 1000)).toBeUndefined();
    expect(asked).toEqual(['checkpoint']);
  });

  test('is reported for a truncated tile', async () => {
    const { read } = served(tree);
    const cut: ReadPath = async (path) => {
      const bytes = await read(path);
      return path === 'checkpoint' ? bytes : bytes.subarray(0, 100);
    };
    await expect(proveInclusion(cut, entryAt(7), 7)).rejects.toThrow('cut short');
  });
});
