/**
 * One correct history, made by hand, and ways to say what is different in another: a room that bela enters and leaves
 * again, three messages, one of them edited and one deleted, and a read mark. Used by tests only.
 */
import { checkHistory } from './check.ts';
import type { Fault } from './faults.ts';
import type { Effect, EffectType, Entry, History, Operation, PageRead, ServerContent } from './history.ts';

export const room = 'r';
export const textOf = (id: string): string => `text of ${id}`;

export const effect = (type: EffectType, subject: string, content = ''): Effect => ({ type, room, subject, content });
export const created = effect('created', 'anna', 'name');
export const joined = effect('joined', 'bela');
export const a = effect('posted', 'a', textOf('a'));
export const b = effect('posted', 'b', textOf('b'));
export const c = effect('posted', 'c', textOf('c'));
export const edited = effect('edited', 'a', 'second text of a');
export const deleted = effect('deleted', 'b');
export const left = effect('left', 'bela');

export const at = (index: number, what: Effect): Entry => ({ ...what, index });

/** An operation of anna's that takes one unit of time from twice its index, and is acknowledged with it. */
export const done = (what: Effect, index: number, more: Partial<Operation> = {}): Operation => ({
  client: what.subject === 'bela' ? 'bela' : 'anna',
  server: 's1',
  id: `${what.type} ${what.subject} ${what.content}`,
  effect: what,
  invokedAt: index * 2,
  completedAt: index * 2 + 1,
  outcome: { type: 'acknowledged', index },
  ...more,
});
export const unanswered = { server: null, completedAt: null, outcome: { type: 'unknown' } } as const;

/** A room that bela comes into and leaves again; three messages, one of them edited and one deleted. */
export const entries = [
  at(1, created),
  at(2, joined),
  at(3, a),
  at(4, b),
  at(6, edited),
  at(7, deleted),
  at(8, c),
  at(10, left),
];

export const held = (server: string): ServerContent => ({
  server,
  messages: new Map([
    [
      room,
      [
        { index: 3, id: 'a', content: 'second text of a' },
        { index: 4, id: 'b', content: null },
        { index: 8, id: 'c', content: textOf('c') },
      ],
    ],
  ]),
  rooms: [{ id: room, content: 'name', members: 1 }],
  members: [{ person: 'anna', room, readIndex: 8 }],
});

export const page: PageRead = {
  what: 'page',
  client: 'anna',
  server: 's1',
  room,
  invokedAt: 17.5,
  completedAt: 17.6,
  applied: 0,
  limit: 10,
  messages: held('s1').messages.get(room)!,
};

export const mark = done(effect('marked', 'anna', '8'), 9);

export const good: History = {
  operations: [...entries.map(({ index, ...what }) => done(what, index)), mark],
  reads: [
    page,
    { ...page, what: 'room', members: 2, joined: true },
    { ...page, what: 'room', invokedAt: 21.5, completedAt: 21.6, members: 1, joined: true },
  ],
  losses: [],
  streams: [
    {
      client: 'anna',
      after: 0,
      upto: 10,
      received: [
        ...[at(1, created), at(1, effect('joined', 'anna')), ...entries.slice(1, 7)],
        ...[at(9, effect('marked', 'anna', '8')), at(10, left)],
      ],
    },
    { client: 'bela', after: 0, upto: 10, received: entries },
  ],
  servers: [
    { server: 's1', entries },
    { server: 's2', entries: [...entries] },
  ],
  contents: [held('s1'), held('s2')],
};

/** Only what was asked and what servers tell: with it what is missing is judged alone. */
export const bare: History = { ...good, reads: [], streams: [], contents: [] };
export const telling = (list: readonly Entry[], more: Partial<History> = {}): History => ({
  ...bare,
  servers: good.servers.map(({ server }) => ({ server, entries: list })),
  ...more,
});
export const secondTelling = (list: readonly Entry[]): History => ({
  ...bare,
  servers: [good.servers[0]!, { server: 's2', entries: list }],
});
export const without = (index: number): Entry[] => entries.filter((entry) => entry.index !== index);
/** The operation behind an index, changed. */
export const asking = (index: number, more: Partial<Operation>): readonly Operation[] =>
  good.operations.map((one) =>
    one.outcome.type === 'acknowledged' && one.outcome.index === index ? { ...one, ...more } : one,
  );
export const told = (received: readonly Entry[]): History => ({
  ...good,
  streams: [{ ...good.streams[0]!, received }],
});
export const heard = good.streams[0]!.received;
export const reading = (more: Partial<PageRead>): History => ({ ...good, reads: [{ ...page, ...more }] });
export const holding = (more: Partial<ServerContent>): History => ({
  ...good,
  contents: [held('s1'), { ...held('s2'), ...more }],
});
export const message = (index: number, content: string | null): History =>
  holding({
    messages: new Map([
      [
        room,
        held('s2')
          .messages.get(room)!
          .map((one) => (one.index === index ? { ...one, content } : one)),
      ],
    ]),
  });

const none: Readonly<Record<Fault, number>> = {
  lost: 0,
  duplicated: 0,
  reordered: 0,
  gaps: 0,
  staleReads: 0,
  phantoms: 0,
};

/** What the checker finds, without the words. */
export const foundIn = (history: History): Record<Fault, number> & { readonly ok: boolean } => {
  const { acked: _, details: __, ...found } = checkHistory(history);
  return found;
};

/** Exactly these faults, and no others. */
export const only = (faults: Partial<Record<Fault, number>>): ReturnType<typeof foundIn> => ({
  ...none,
  ...faults,
  ok: Object.keys(faults).length === 0,
});
