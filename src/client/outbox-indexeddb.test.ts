import { describe, expect, it } from 'vitest';
import { indexedDbOutbox } from './index.ts';
import { leftBehind, ownersBeside, type StoredEntry } from './outbox-indexeddb.ts';

const entry = (seq: number, owner: string): StoredEntry => ({
  seq,
  owner,
  id: `${seq}`,
  kind: 'message.post',
  body: {},
  by: 'me',
});

describe('entries of several pages', () => {
  const entries = [entry(3, 'gone'), entry(1, 'alive'), entry(2, 'me'), entry(1.5, 'gone too'), entry(1.2, 'gone')];

  it('are asked about by owner, one’s own aside', () => {
    expect([...ownersBeside(entries, 'me')].sort()).toEqual(['alive', 'gone', 'gone too']);
  });

  it('are left behind by those who do not answer, in the order they were added', () => {
    expect(leftBehind(entries, new Set(['alive']), 'me').map(({ seq }) => seq)).toEqual([1.2, 1.5, 3]);
  });
});

describe('without a browser’s database', () => {
  it('all and add say so with a stable code, and nothing lasts', async () => {
    const outbox = indexedDbOutbox();
    await expect(outbox.all()).rejects.toMatchObject({ code: 'storage-refused' });
    await expect(outbox.add(entry(1, 'me'))).rejects.toMatchObject({ code: 'storage-refused' });
    expect(outbox.lasting).toBe(false);
    outbox.close?.();
  });
});
