import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../protocol/index.ts';
import { addressBook, choose, known, learn, markTried, originOf, settle } from './addresses.ts';

const url = (n: number): string => `http://host:${5000 + n}`;
const server = (n: number, down = false) => ({ name: `s${n + 1}`, url: url(n), down });

describe('the addresses', () => {
  it('are origins, of http whether written as ws or http', () => {
    expect(originOf('ws://host:5000/ws?x=1')).toBe('http://host:5000');
    expect(originOf('https://host/')).toBe('https://host');
    for (const bad of ['host:5000', 'ftp://host', 'javascript:alert(1)', '', 'http://', 7, null]) {
      expect(originOf(bad)).toBeNull();
    }
  });

  it('begin with the one that was given first, whatever chance says', () => {
    const book = learn(addressBook([url(2), url(0)]), [server(0), server(1), server(2)]);
    for (const chance of [0, 0.5, 0.99]) expect(choose(book, chance).url).toBe(url(2));
  });

  it('spread the clients of a dead server over the survivors', () => {
    const lost = markTried(learn(addressBook([url(0)]), [server(0), server(1), server(2), server(3)]), url(0));
    const picks = Array.from({ length: 300 }, (_, n) => choose(lost, n / 300).url);
    for (const n of [1, 2, 3]) expect(picks.filter((pick) => pick === url(n))).toHaveLength(100);
  });

  it('put servers that are said to be down last', () => {
    const lost = markTried(learn(addressBook([url(0)]), [server(0), server(1, true), server(2)]), url(0));
    for (const chance of [0, 0.5, 0.99]) expect(choose(lost, chance).url).toBe(url(2));
  });

  it('are all tried before one is tried again, and never the same twice in a row', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 30,
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), chances, (count, list) => {
        let book = learn(
          addressBook([url(0)]),
          Array.from({ length: count }, (_, n) => server(n)),
        );
        const picks: string[] = [];
        for (const chance of list) {
          const chosen = choose(book, chance);
          book = chosen.book;
          picks.push(chosen.url);
        }
        expect(new Set(picks.slice(0, count)).size).toBe(count);
        for (const [at, pick] of picks.entries()) expect(pick).not.toBe(picks[at + 1]);
      }),
    );
  });

  it('are guessed only until the cluster has said who belongs to it', () => {
    const book = addressBook([url(0)], [url(1), url(2)]);
    expect(known(book)).toEqual([url(0), url(1), url(2)]);
    expect(known(learn(book, [server(0)]))).toEqual([url(0)]);
  });

  it('are guessed in the order of their likelihood, after those that were given', () => {
    const lost = markTried(addressBook([url(0)], [url(3), url(1), url(2)]), url(0));
    const first = choose(lost, 0.99);
    expect([first.url, choose(first.book, 0.99).url]).toEqual([url(3), url(1)]);
  });

  it('of a cluster that says nothing usable change nothing', () => {
    const book = learn(addressBook([url(0)]), [server(1)]);
    expect(learn(book, [{ name: 's9', url: 'nowhere', down: false }])).toBe(book);
  });

  it('never go from TLS to plain', () => {
    const book = learn(addressBook(['https://host:1']), [
      server(1),
      { name: 's2', url: 'https://host:2', down: false },
    ]);
    expect(known(book)).toEqual(['https://host:1', 'https://host:2']);
  });

  it('are bounded, whatever servers say', () => {
    const many = Array.from({ length: 1_000 }, (_, n) => server(n));
    expect(known(learn(addressBook([url(0)]), many)).length).toBeLessThanOrEqual(limits.clientAddressesMax);
  });

  it('go back to the one that works when it has settled', () => {
    const book = settle(markTried(addressBook([url(0), url(1)]), url(0)), url(1));
    expect(choose(book, 0).url).toBe(url(1));
  });
});
