import { describe, expect, it } from 'vitest';
import { foundIn, good, held, holding, message, only, page, reading, room, textOf } from './example.ts';
import type { History } from './index.ts';

const expectFaults = (history: History, faults: Parameters<typeof only>[0]): void =>
  expect(foundIn(history)).toEqual(only(faults));

describe('reads', () => {
  const shown = page.messages;

  it('that miss what the same server had acknowledged are stale', () => {
    expectFaults(reading({ messages: shown.slice(0, 2) }), { staleReads: 1 });
    expectFaults(reading({ messages: [] }), { staleReads: 1 });
  });

  it('that show a text as it was before an acknowledged edit or deletion are stale', () => {
    const before = { invokedAt: 15.5, completedAt: 15.6 };
    const [first, second] = [shown[0]!, { ...shown[1]!, content: textOf('b') }];
    expectFaults(reading({ ...before, messages: [{ ...first, content: textOf('a') }, second] }), { staleReads: 1 });
    expectFaults(reading({ ...before, messages: [first, second] }), { staleReads: 1 });
    expectFaults(reading({ ...before, messages: [first, shown[1]!] }), {});
  });

  it('may be behind what another server has acknowledged, until the server says that it has applied it', () => {
    const behind = { server: 's2', messages: shown.slice(0, 2) };
    expectFaults(reading(behind), {});
    expectFaults(reading({ ...behind, applied: 7 }), {});
    expectFaults(reading({ ...behind, applied: 8 }), { staleReads: 1 });
  });

  it('that show less than the same server showed before are stale', () => {
    const first = { ...page, server: 's2' };
    const second = { ...first, invokedAt: 17.7, completedAt: 17.8, messages: shown.slice(0, 2) };
    expectFaults({ ...good, reads: [second, first] }, { staleReads: 1 });
  });

  it('may show less once the server has lost its disk, but not less than it shows after that', () => {
    const late = { ...page, invokedAt: 30, completedAt: 31 };
    const old = { ...late, messages: shown.slice(0, 2) };
    expectFaults({ ...good, reads: [old], losses: [{ server: 's1', at: 29 }] }, {});
    expectFaults({ ...good, reads: [old], losses: [{ server: 's2', at: 29 }] }, { staleReads: 1 });
    const later = { ...old, invokedAt: 32, completedAt: 33 };
    expectFaults({ ...good, reads: [late, later], losses: [{ server: 's1', at: 29 }] }, { staleReads: 1 });
  });

  it('of a room that forget who came or went are stale', () => {
    const look = { ...page, what: 'room', members: 1, joined: true } as const;
    expectFaults({ ...good, reads: [look] }, { staleReads: 1 });
    expectFaults({ ...good, reads: [{ ...look, server: 's2' }] }, {});
    expectFaults({ ...good, reads: [{ ...look, server: 's2', applied: 5 }] }, { staleReads: 1 });
    expectFaults({ ...good, reads: [{ ...look, members: 2, joined: false }] }, { staleReads: 1 });
  });

  it('that put what never was together are reordered', () => {
    const torn = [{ ...shown[0]!, content: textOf('a') }, shown[1]!, shown[2]!];
    expectFaults(reading({ server: 's2', messages: torn }), { reordered: 1 });
  });

  it('with a hole, or fewer messages than there are, have a gap', () => {
    expectFaults(reading({ messages: [shown[0]!, shown[2]!] }), { gaps: 1 });
    expectFaults(reading({ messages: shown.slice(1) }), { gaps: 1 });
    expectFaults(reading({ messages: shown.slice(1), limit: 2 }), {});
  });

  it('that show what nobody wrote have a phantom', () => {
    expectFaults(reading({ messages: [...shown, { index: 9, id: 'z', content: 'z' }] }), { phantoms: 1 });
    expectFaults(reading({ messages: [{ ...shown[0]!, content: 'z' }, ...shown.slice(1)] }), { phantoms: 1 });
  });
});

describe('what a server holds at the end', () => {
  it('has lost what it does not have', () => {
    expectFaults(holding({ messages: new Map([[room, held('s2').messages.get(room)!.slice(1)]]) }), { lost: 1 });
    expectFaults(holding({ rooms: [] }), { lost: 1 });
    expectFaults(holding({ members: [] }), { lost: 1 });
  });

  it('has lost an edit or a deletion when a text is an older one', () => {
    expectFaults(message(3, textOf('a')), { lost: 1 });
    expectFaults(message(4, textOf('b')), { lost: 1 });
  });

  it('has lost an entering, a leaving or a mark when its people and positions are others', () => {
    expectFaults(holding({ rooms: [{ id: room, content: 'name', members: 2 }] }), { lost: 1 });
    expectFaults(holding({ rooms: [{ id: room, content: 'other', members: 1 }] }), { lost: 1 });
    expectFaults(holding({ members: [{ person: 'anna', room, readIndex: 3 }] }), { lost: 1 });
    const bela = { person: 'bela', room, readIndex: 2 };
    expectFaults(holding({ members: [...held('s2').members, bela] }), { lost: 1 });
  });

  it('has phantoms when it has what nobody wrote', () => {
    expectFaults(message(8, 'ghost'), { phantoms: 1 });
    expectFaults(message(8, null), { phantoms: 1 });
    expectFaults(holding({ rooms: [...held('s2').rooms, { id: 'x', content: '', members: 0 }] }), { phantoms: 1 });
    const stranger = { person: 'carl', room, readIndex: 0 };
    expectFaults(holding({ members: [...held('s2').members, stranger] }), { phantoms: 1 });
  });
});
