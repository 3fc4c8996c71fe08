import { describe, expect, it } from 'vitest';
import { at, done, effect, entries, foundIn, good, held, only, room, unanswered } from './example.ts';
import type { Effect, Entry, History, Operation } from './history.ts';

const thumb = 'a thumb of anna';
const attached = (subject: string, content = thumb): Effect => effect('attached', subject, content);
const detached = (subject: string, content = thumb): Effect => effect('detached', subject, content);
const changed = (content: string): Effect => effect('changed', room, content);

/** The example, and what comes after it; anna and bela hear all that concerns them. */
const withMore = (more: readonly Entry[], operations: readonly Operation[] = []): History => {
  const all = [...entries, ...more];
  const heardBy = (client: string) => (entry: Entry) => client === 'anna' || entry.type === 'changed';
  return {
    ...good,
    reads: [],
    operations: [
      ...good.operations,
      ...more.map(({ index, ...what }) => done(what, index, { id: `at ${index}` })),
      ...operations,
    ],
    streams: good.streams.map((stream) => ({
      ...stream,
      upto: 30,
      received: [...stream.received, ...more.filter(heardBy(stream.client))],
    })),
    servers: good.servers.map(({ server }) => ({ server, entries: all })),
    contents: [],
  };
};
const holding = (history: History, onA: readonly string[], facts = 'name'): History => ({
  ...history,
  contents: ['s1', 's2'].map((server) => {
    const messages = held(server).messages.get(room)!;
    const shown = messages.map((one) => ({ ...one, attached: one.id === 'a' ? onA : [] }));
    return { ...held(server), messages: new Map([[room, shown]]), rooms: [{ id: room, content: facts, members: 1 }] };
  }),
});
const expectFaults = (history: History, faults: Parameters<typeof only>[0]): void =>
  expect(foundIn(history)).toEqual(only(faults));

describe('reactions and pins', () => {
  const given = withMore([at(11, attached('a')), at(12, attached('a', 'pin'))]);

  it('may come, go and come again, and be given by who has given them', () => {
    const list = [at(11, attached('a')), at(12, detached('a')), at(13, attached('a'))];
    const idle = [done(attached('a'), 14, { id: 'again' }), done(detached('c'), 15, { id: 'nothing there' })];
    expectFaults(holding(withMore(list, idle), [thumb]), {});
    expectFaults(holding(given, [thumb, 'pin']), {});
  });

  it('are held by every server as they were acknowledged', () => {
    expectFaults(holding(given, ['pin']), { lost: 1 });
    expectFaults(holding(given, [thumb, 'pin', 'a heart']), { phantoms: 1 });
    expectFaults(holding(given, [thumb, thumb, 'pin']), { duplicated: 1 });
  });

  it('that were acknowledged and changed nothing had nothing to change', () => {
    expectFaults(withMore([], [done(attached('a'), 11)]), { lost: 1 });
    expectFaults(withMore([at(11, attached('a'))], [done(detached('a'), 12)]), { lost: 1 });
    const gone = [at(11, attached('a')), at(12, detached('a'))];
    expectFaults(withMore(gone, [done(attached('a'), 13, { id: 'late' })]), { lost: 1 });
  });

  it('do not count twice, nor without anybody', () => {
    const twice = withMore([at(11, attached('a')), at(12, attached('a'))]);
    expect(foundIn(twice)).toMatchObject({ ok: false, duplicated: 1 });
    const nobodys = withMore([at(11, attached('a'))]);
    const operations = nobodys.operations.filter(({ effect: { type } }) => type !== 'attached');
    expectFaults({ ...nobodys, operations }, { phantoms: 1 });
    expectFaults(
      { ...nobodys, operations: [...operations, done(attached('a'), 11, { ...unanswered, id: 'unanswered' })] },
      {},
    );
  });

  it('do not come to a message that is deleted, and go with one', () => {
    expect(foundIn(withMore([at(11, attached('b'))]))).toMatchObject({ ok: false, reordered: 1 });
    const deleted = withMore([at(11, attached('a')), at(12, effect('deleted', 'a'))]);
    const contents = ['s1', 's2'].map((server) => {
      const messages = held(server).messages.get(room)!;
      const shown = messages.map((one) => (one.id === 'a' ? { ...one, content: null, attached: [thumb] } : one));
      return { ...held(server), messages: new Map([[room, shown]]) };
    });
    expectFaults({ ...deleted, contents }, { phantoms: 1 });
  });

  it('are told to who is in the room, once', () => {
    const [anna, bela] = given.streams;
    const received = anna!.received.filter(({ index }) => index !== 11);
    expectFaults({ ...given, streams: [{ ...anna!, received }, bela!] }, { gaps: 1 });
    const twice = [...anna!.received, at(12, attached('a', 'pin'))];
    expectFaults({ ...given, streams: [{ ...anna!, received: twice }, bela!] }, { duplicated: 1 });
  });
});

describe('a room that changes', () => {
  const given = withMore([at(11, changed('another name')), at(12, changed('name'))]);

  it('is as it was changed last, everywhere, and everybody is told', () => {
    expectFaults(holding(given, []), {});
    expectFaults(holding(given, [], 'another name'), { lost: 1 });
    const streams = given.streams.map((stream) => ({
      ...stream,
      received: stream.received.filter(({ index }) => index !== 11),
    }));
    expectFaults({ ...given, streams }, { gaps: 2 });
  });

  it('may be changed to what it is, which is not said again', () => {
    const idle = done(changed('another name'), 13, { id: 'idle', outcome: { type: 'acknowledged', index: 13 } });
    expectFaults(withMore([at(11, changed('another name'))], [idle]), {});
    expectFaults(withMore([], [idle]), { lost: 1 });
    expect(foundIn(withMore([at(11, changed('name'))]))).toMatchObject({ ok: false, duplicated: 1 });
  });
});

it('what others have read is told apart from what they say, and only one’s own is judged', () => {
  const second = at(11, effect('marked', 'anna', '10'));
  const operations = [...good.operations, done(effect('marked', 'anna', '10'), 11)];
  const stream = (received: readonly Entry[]) => ({ ...good.streams[0]!, upto: 11, received });
  const history = { ...good, reads: [], contents: [], operations };
  const heard = good.streams[0]!.received;
  expectFaults({ ...history, streams: [stream([...heard, second])] }, {});
  expectFaults(
    {
      ...history,
      streams: [
        stream([
          heard.find(({ type }) => type === 'marked')!,
          ...heard.filter(({ type }) => type !== 'marked'),
          second,
        ]),
      ],
    },
    {},
  );
  expectFaults({ ...history, streams: [stream(heard)] }, { gaps: 1 });
});

describe('a conversation', () => {
  const opened = { type: 'opened', room: 'anna+bela', subject: 'anna+bela', content: '' } as const;
  const told = withMore([at(11, opened)]);
  const given: History = {
    ...told,
    streams: told.streams.map((stream) => ({
      ...stream,
      received: [...good.streams.find(({ client }) => client === stream.client)!.received, at(11, opened)],
    })),
  };
  const holdingRooms = (count: number, people: readonly string[], readIndex = 11): History => ({
    ...given,
    contents: ['s1', 's2'].map((server) => {
      const own = held(server);
      const rooms = new Array(count).fill({ id: 'anna+bela', content: '', members: 2 });
      const rows = people.map((person) => ({ person, room: 'anna+bela', readIndex }));
      return { ...own, rooms: [...own.rooms, ...rooms], members: [...own.members, ...rows] };
    }),
  });

  it('is there once, with its people, who are told of it', () => {
    expectFaults(holdingRooms(1, ['anna', 'bela']), {});
    expectFaults(holdingRooms(2, ['anna', 'bela']), { duplicated: 2 });
    expectFaults(holdingRooms(0, []), { lost: 2 });
    expectFaults(holdingRooms(1, ['anna']), { lost: 2 });
    expectFaults(holdingRooms(1, ['anna', 'bela', 'carla']), { phantoms: 2 });
    expectFaults(told, { gaps: 1 });
  });

  it('is the one that there is when it is opened again', () => {
    const again = done(opened, 12, { id: 'again' });
    expectFaults({ ...given, operations: [...given.operations, again] }, {});
    const early = done(opened, 11, {
      id: 'early',
      outcome: { type: 'acknowledged', index: 5 },
      invokedAt: 9,
      completedAt: 10,
    });
    expectFaults({ ...given, operations: [...given.operations, early] }, { lost: 1 });
    const twice = withMore([at(11, opened), at(12, opened)]);
    expect(foundIn(twice)).toMatchObject({ ok: false, duplicated: 1 });
  });
});
