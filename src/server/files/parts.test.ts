import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteRange } from './byte-range.ts';
import { chunksOf } from './chunks.ts';
import { Digests } from './digests.ts';
import { fileHeaders } from './file-headers.ts';
import { Slots } from './slots.ts';
import { metadataOf, parseMetadata } from './tus-metadata.ts';
import { sha256Of, someBytes } from './tus-test-kit.ts';

describe('chunks', () => {
  test('are all the bytes in order, each as large as it may be but the last, whatever pieces they come in', async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(parts, fc.integer({ min: 1, max: 30 }), async (given, maxBytes) => {
        const chunks: Uint8Array[] = [];
        const stream = Readable.from(given.map((part) => Buffer.from(part)));
        for await (const chunk of chunksOf(stream, maxBytes)) chunks.push(chunk.slice());
        expect(Buffer.concat(chunks).equals(Buffer.concat(given))).toBe(true);
        for (const chunk of chunks.slice(0, -1)) expect(chunk.length).toBe(maxBytes);
        if (chunks.length > 0) expect(chunks.at(-1)!.length).toBeGreaterThan(0);
      }),
    );
  });

  test('of a stream that breaks off are what came of it', async () => {
    const breaking = Readable.from(
      (async function* () {
        yield Buffer.from('abcde');
        throw new Error('cut');
      })(),
    );
    const chunks: string[] = [];
    for await (const chunk of chunksOf(breaking, 3)) chunks.push(Buffer.from(chunk).toString());
    expect(chunks).toEqual(['abc', 'de']);
  });

  test('leave the stream to whoever wants the rest of it', async () => {
    const source = Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(10)));
    for await (const chunk of chunksOf(source, 20)) if (chunk.length > 0) break;
    let rest = 0;
    for await (const part of source) rest += (part as Buffer).length;
    expect(rest).toBeGreaterThan(400);
  });

  test('are not read ahead of whoever takes them', async () => {
    let given = 0;
    const source = new Readable({
      highWaterMark: 10,
      read() {
        given += 10;
        this.push(Buffer.alloc(10));
      },
    });
    const chunks = chunksOf(source, 20);
    await chunks.next();
    expect(given).toBeLessThanOrEqual(50);
  });
});

test('slots are given in the order in which they were asked for, never more than there are', async () => {
  const slots = new Slots(2);
  const order: number[] = [];
  const taken = [1, 2, 3, 4].map((number) => slots.take().then(() => order.push(number)));
  await Promise.all(taken.slice(0, 2));
  expect(order).toEqual([1, 2]);
  slots.release();
  await taken[2];
  expect(order).toEqual([1, 2, 3]);
  slots.release();
  await taken[3];
  expect(order).toEqual([1, 2, 3, 4]);
});

describe('running digests', () => {
  const bytes = someBytes(1_000);

  test('are of uploads that came from their first byte on', () => {
    const digests = new Digests(2);
    digests.add('one', 0, bytes.subarray(0, 400));
    digests.add('one', 400, bytes.subarray(400));
    expect(digests.of('one', 1_000)).toBe(sha256Of(bytes));
    expect(digests.of('one', 1_000)).toBeNull();
    expect(digests.of('none', 0)).toBe(sha256Of(Buffer.alloc(0)));
  });

  test('are not of others, nor of more than are remembered', () => {
    const digests = new Digests(2);
    digests.add('late', 400, bytes.subarray(400));
    expect(digests.of('late', 1_000)).toBeNull();
    digests.add('gap', 0, bytes.subarray(0, 100));
    digests.add('gap', 200, bytes.subarray(200));
    expect(digests.of('gap', 1_000)).toBeNull();
    for (const name of ['a', 'b', 'c']) digests.add(name, 0, bytes);
    expect(digests.of('a', 1_000)).toBeNull();
    expect(digests.of('c', 1_000)).toBe(sha256Of(bytes));
  });
});

describe('metadata', () => {
  test('is read as it was written, in whatever letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (name) => {
        const written = metadataOf({ filename: name, filetype: 'a/b', sha256: null });
        expect([...parseMetadata(written)]).toEqual([
          ['filename', name.toWellFormed()],
          ['filetype', 'a/b'],
        ]);
      }),
    );
    expect([...parseMetadata('a,b ')]).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
  });

  test('that makes no sense is refused', () => {
    for (const header of ['a b c', 'a !', 'a YQ==,a YQ==', ',', `a ${'a'.repeat(5_000)}`]) {
      expect(() => parseMetadata(header)).toThrow(/Upload-Metadata/);
    }
  });
});

test('a range names bytes that are there, or none, or is as if it were not asked for', () => {
  const cases: [string | undefined, ReturnType<typeof byteRange>][] = [
    [undefined, 'whole'],
    ['bytes=0-', { first: 0, last: 9 }],
    ['bytes=2-4', { first: 2, last: 4 }],
    ['bytes=2-400', { first: 2, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-30', { first: 0, last: 9 }],
    ['bytes=-0', 'none'],
    ['bytes=10-', 'none'],
    ['bytes=4-2', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=1-2,4-5', 'whole'],
    ['bytes=99999999999999999-', 'whole'],
    ['bytes= 1-2', 'whole'],
    ['items=1-2', 'whole'],
  ];
  for (const [header, expected] of cases) expect([header, byteRange(header, 10)]).toEqual([header, expected]);
  expect(byteRange('bytes=0-', 0)).toBe('none');
});

describe('a file’s headers', () => {
  const file = { id: 'x', name: 'a', type: 'image/png', size: 1, sha256: 'ab'.repeat(32) };

  test.each([
    ['image/png', 'image/png', 'inline'],
    ['image/jpg', 'image/jpeg', 'inline'],
    ['video/mp4', 'video/mp4', 'inline'],
    ['application/pdf', 'application/pdf', 'inline'],
    ['text/plain', 'text/plain; charset=utf-8', 'inline'],
    ['text/html', 'application/octet-stream', 'attachment'],
    ['image/svg+xml', 'application/octet-stream', 'attachment'],
    ['application/xhtml+xml', 'application/octet-stream', 'attachment'],
    ['text/javascript', 'application/octet-stream', 'attachment'],
    ['constructor', 'application/octet-stream', 'attachment'],
  ])('%s is given out as %s, %s', (type, sentAs, disposition) => {
    const headers = fileHeaders({ ...file, type }, false);
    expect(headers['content-type']).toBe(sentAs);
    expect(headers['content-disposition']).toMatch(new RegExp(`^${disposition};`));
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';/);
    expect(fileHeaders({ ...file, type }, true)['content-disposition']).toMatch(/^attachment;/);
  });

  test('have whatever name it has, and nothing but a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (name) => {
        const disposition = fileHeaders({ ...file, name }, false)['content-disposition']!;
        expect(disposition).toMatch(/^inline; filename="[ !#-[\]-~]*"; filename\*=UTF-8''[A-Za-z0-9!~._%-]*$/);
        const whole = /filename\*=UTF-8''(.*)$/.exec(disposition)![1]!;
        expect(decodeURIComponent(whole)).toBe(name.toWellFormed());
      }),
    );
  });
});
