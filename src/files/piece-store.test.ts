import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bringPieces, completePieces, hashOf, PieceStore, piecesBeside, piecesFolderOf } from './index.ts';

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'estafet-pieces-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const pieces = async (...texts: string[]): Promise<Map<string, Uint8Array>> =>
  new Map(
    await Promise.all(
      texts.map(async (text): Promise<[string, Uint8Array]> => [await hashOf(Buffer.from(text)), Buffer.from(text)]),
    ),
  );
const storeOf = (name: string): PieceStore => new PieceStore(piecesFolderOf(data, name));
const pathOf = (name: string, hash: string): string => join(piecesFolderOf(data, name), hash.slice(0, 2), hash);
const namesIn = async (store: PieceStore): Promise<string[]> => {
  const names: string[] = [];
  for await (const some of store.list()) names.push(...some);
  return names.toSorted();
};

describe('a store of pieces', () => {
  test('has what was kept, under its SHA-256, and nothing half written', async () => {
    const store = storeOf('s1');
    const some = await pieces('one', 'two', 'three');
    await store.keep(some);
    for (const [hash, bytes] of some) {
      expect((await store.read(hash)).equals(bytes)).toBe(true);
      expect(await store.has(hash, bytes.length)).toBe(true);
      expect(await store.has(hash, bytes.length + 1)).toBe(false);
    }
    expect(await namesIn(store)).toEqual([...some.keys()].toSorted());
    expect(readdirSync(join(store.folder, 'new'))).toEqual([]);
  });

  test('does not write again what is there', async () => {
    const store = storeOf('s1');
    const [[hash, bytes]] = [...(await pieces('one'))] as [[string, Uint8Array]];
    await store.keep(new Map([[hash, bytes]]));
    const before = statSync(pathOf('s1', hash)).ino;
    await storeOf('s1').keep(new Map([[hash, bytes]]));
    expect(statSync(pathOf('s1', hash)).ino).toBe(before);
    await store.keep(new Map([[hash, bytes]]), true);
    expect(statSync(pathOf('s1', hash)).ino).not.toBe(before);
  });

  test('writes again what is there and has rotted', async () => {
    const store = storeOf('s1');
    const some = await pieces('one');
    const [hash = ''] = some.keys();
    await store.keep(some);
    writeFileSync(pathOf('s1', hash), 'onf');
    await store.keep(some);
    expect(String(await store.read(hash))).toBe('one');
  });

  test('gives nothing out that is not what it was', async () => {
    const store = storeOf('s1');
    const [[hash, bytes]] = [...(await pieces('one'))] as [[string, Uint8Array]];
    await expect(store.read(hash)).rejects.toMatchObject({ reason: 'missing' });
    await store.keep(new Map([[hash, bytes]]));
    writeFileSync(pathOf('s1', hash), 'onf');
    await expect(store.read(hash)).rejects.toMatchObject({ reason: 'rotten' });
    rmSync(pathOf('s1', hash));
    mkdirSync(pathOf('s1', hash));
    await expect(store.read(hash)).rejects.toMatchObject({ reason: 'rotten' });
  });

  test.each(['', '../../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}/x`])(
    'has no piece called %j',
    async (name) => {
      const store = storeOf('s1');
      await expect(store.read(name)).rejects.toThrow(/no name of a piece/);
      await expect(store.remove([name])).rejects.toThrow(/no name of a piece/);
    },
  );

  test('removes what is half written when it is opened, and what it is told to, but for what is pinned', async () => {
    const store = storeOf('s1');
    const some = await pieces('one', 'two');
    const [one, two] = [...some.keys()] as [string, string];
    await store.keep(some);
    writeFileSync(join(store.folder, 'new', 'half'), 'o');
    storeOf('s1');
    expect(readdirSync(join(store.folder, 'new'))).toEqual([]);
    store.pin([one]);
    await store.remove([one, two, 'f'.repeat(64)]);
    expect(await namesIn(store)).toEqual([one]);
    store.pin([]);
    await store.remove([one]);
    expect(await namesIn(store)).toEqual([]);
  });

  test('R16 says so when the disk does not take a piece, and nothing stands under its name', async () => {
    const store = storeOf('s1');
    const some = await pieces('one');
    rmSync(join(store.folder, 'new'), { recursive: true });
    await expect(store.keep(some)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await namesIn(store)).toEqual([]);
  });
});

describe('bringing pieces', () => {
  test('takes each from the first folder that has it whole', async () => {
    const [here, there, elsewhere] = ['s1', 's2', 's3'].map(storeOf) as [PieceStore, PieceStore, PieceStore];
    const some = await pieces('one', 'two', 'three');
    const [one, two, three] = [...some.keys()] as [string, string, string];
    await there.keep(some);
    await elsewhere.keep(some);
    writeFileSync(pathOf('s2', one), 'rotten');
    rmSync(pathOf('s2', two));
    rmSync(pathOf('s3', three));
    const nowhere = 'e'.repeat(64);
    const result = await bringPieces(here, piecesBeside(data, 's1'), [one, two, three, nowhere]);
    expect(result.brought.toSorted()).toEqual([one, two, three].toSorted());
    expect(result.missing).toEqual([nowhere]);
    for (const [hash, bytes] of some) expect((await here.read(hash)).equals(bytes)).toBe(true);
  });

  test('R18 completes what a snapshot refers to, and keeps it until the snapshot says itself what is needed', async () => {
    const [here, there] = ['s1', 's2'].map(storeOf) as [PieceStore, PieceStore];
    const some = await pieces(...Array.from({ length: 40 }, (_, number) => `piece ${number}`));
    await there.keep(some);
    const [first] = some.keys();
    await here.keep(new Map([[first!, some.get(first!)!]]));
    const seen: number[] = [];
    const wanted = [...some].map(([hash, bytes]) => ({ hash, size: bytes.length }));
    const progress = (done: number, of: number): void => void seen.push(done / of);
    const { brought, missing } = await completePieces(
      here,
      [there.folder],
      wanted,
      progress,
      AbortSignal.timeout(10_000),
    );
    expect([brought.length, missing.length]).toEqual([39, 0]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    await here.remove(some.keys());
    expect((await namesIn(here)).length).toBe(40);
    here.pin([]);
    await here.remove(some.keys());
    expect(await namesIn(here)).toEqual([]);
  });

  test('is given up when it is told to', async () => {
    const [here, there] = ['s1', 's2'].map(storeOf) as [PieceStore, PieceStore];
    const some = await pieces('one');
    await there.keep(some);
    const wanted = [...some].map(([hash, bytes]) => ({ hash, size: bytes.length }));
    const given = AbortSignal.abort(new Error('stopping'));
    await expect(completePieces(here, [there.folder], wanted, () => {}, given)).rejects.toThrow('stopping');
    expect(existsSync(pathOf('s1', [...some.keys()][0]!))).toBe(false);
  });

  test('looks in the folder of whoever is named first, and in no folder without pieces', () => {
    for (const name of ['s2', 's3']) storeOf(name);
    mkdirSync(join(data, 'other'));
    expect(piecesBeside(data, 's1', 's3')).toEqual(['s3', 's2'].map((name) => piecesFolderOf(data, name)));
  });
});
