/** Ways to break a correct history, each at a place that is chosen by `pick`. Used by tests only. */
import type { Fault } from './faults.ts';
import type { EffectType, Entry, History, Operation, PageRead, ServerContent, Shown } from './history.ts';
import { keyOf, rules } from './rules.ts';

/** Returns the broken history; null when this one has nothing that can be broken so. */
type Mutate = (history: History, pick: (length: number) => number) => History | null;

export interface Mutation {
  /** One of these must be found. */
  readonly faults: readonly Fault[];
  readonly mutate: Mutate;
}

const acknowledgedAt = ({ outcome }: Operation): number | null =>
  outcome.type === 'acknowledged' ? outcome.index : null;

type Entries = readonly Entry[];

/** The same change to what every server tells, so that only answers and clients can show it. */
const onAllServers = (history: History, change: (entries: Entries) => Entries): History => ({
  ...history,
  servers: history.servers.map(({ server, entries }) => ({ server, entries: change(entries) })),
});

const onOneServer =
  (change: (entries: Entries, pick: (length: number) => number) => Entries | null): Mutate =>
  (history, pick) => {
    const at = pick(history.servers.length);
    const { server, entries } = history.servers[at]!;
    const changed = entries.length === 0 ? null : change(entries, pick);
    return changed && { ...history, servers: history.servers.with(at, { server, entries: changed }) };
  };

const onOneStream =
  (change: (received: Entries, pick: (length: number) => number) => Entries | null): Mutate =>
  (history, pick) => {
    const at = pick(history.streams.length);
    const stream = history.streams[at]!;
    // Marks are left out: when one of a client's own was never answered, nothing is known of what it was told of them.
    const known = stream.received.filter(({ type }) => type !== 'marked');
    const received = known.length === 0 ? null : change(known, pick);
    if (known.length < stream.received.length) return null;
    return received && { ...history, streams: history.streams.with(at, { ...stream, received }) };
  };

const onOneOperation =
  (fits: (operation: Operation, history: History) => boolean, change: (operation: Operation) => Operation): Mutate =>
  (history, pick) => {
    const candidates = history.operations.filter((operation) => fits(operation, history));
    if (candidates.length === 0) return null;
    const chosen = candidates[pick(candidates.length)]!;
    return { ...history, operations: history.operations.map((one) => (one === chosen ? change(one) : one)) };
  };

const onOneContent =
  (change: (content: ServerContent, pick: (length: number) => number) => ServerContent | null): Mutate =>
  (history, pick) => {
    const at = pick(history.contents.length);
    const content = change(history.contents[at]!, pick);
    return content && { ...history, contents: history.contents.with(at, content) };
  };

const onOnePage =
  (fits: (page: PageRead) => boolean, change: (page: PageRead, pick: (length: number) => number) => PageRead): Mutate =>
  (history, pick) => {
    const pages = history.reads.filter((read) => read.what === 'page').filter(fits);
    if (pages.length === 0) return null;
    const chosen = pages[pick(pages.length)]!;
    const changed = change(chosen, pick);
    return { ...history, reads: history.reads.map((read) => (read === chosen ? changed : read)) };
  };

/** Takes an acknowledged effect of this type away from all servers. */
const dropped = (type: EffectType): Mutation => ({
  // Of two that recur, the other one may be said to have moved.
  faults: rules[type].recurs ? ['lost', 'reordered'] : ['lost'],
  mutate: (history, pick) => {
    const indices = new Set(history.operations.map(acknowledgedAt));
    const entries = history.servers[0]!.entries.filter((entry) => entry.type === type && indices.has(entry.index));
    if (entries.length === 0) return null;
    const { index } = entries[pick(entries.length)]!;
    return onAllServers(history, (all) => all.filter((entry) => entry.index !== index));
  },
});

/** Does an effect of this type once more, on all servers. */
const doubled = (type: EffectType): Mutation => ({
  // One that was refused, or never answered, may be said to be the reason.
  faults: ['duplicated', 'reordered', 'phantoms', 'lost'],
  mutate: (history, pick) => {
    const all = history.servers[0]!.entries;
    const entries = all.filter((entry) => entry.type === type);
    if (entries.length === 0) return null;
    const copy = { ...entries[pick(entries.length)]!, index: all.at(-1)!.index + 1 };
    return onAllServers(history, (list) => [...list, copy]);
  },
});

/** Changes one message that a server holds; `change` gives it back when it has nothing to change. */
const heldAs = (change: (message: Shown) => Shown): Mutate =>
  onOneContent((content, pick) => {
    const rooms = [...content.messages].filter(([, messages]) => messages.length > 0);
    if (rooms.length === 0) return null;
    const [room, messages] = rooms[pick(rooms.length)]!;
    const at = pick(messages.length);
    const changed = change(messages[at]!);
    if (changed === messages[at]) return null;
    const list = messages.with(at, changed);
    return { ...content, messages: new Map(content.messages).set(room, list) };
  });

const isDone = (operation: Operation, history: History): boolean =>
  operation.effect.type !== 'marked' &&
  history.servers[0]!.entries.some(({ index }) => index === acknowledgedAt(operation));

/** Done, and by nothing else that was asked for: of two deletions, one that was never answered may be the reason. */
const isTheOnlyOne = (operation: Operation, history: History): boolean =>
  isDone(operation, history) &&
  history.operations.every((other) => other === operation || keyOf(other.effect) !== keyOf(operation.effect));

/** Mutation by what it does. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'an acknowledged message is on no server': dropped('posted'),
  'an acknowledged edit is on no server': dropped('edited'),
  'an acknowledged deletion is on no server': dropped('deleted'),
  'an acknowledged room is on no server': dropped('created'),
  'an acknowledged entry into a room is on no server': dropped('joined'),
  'an acknowledged leaving of a room is on no server': dropped('left'),
  'an acknowledged reaction or pin is on no server': dropped('attached'),
  'an acknowledged reaction or pin was never taken back, on no server': dropped('detached'),
  'an acknowledged change of a room is on no server': dropped('changed'),
  'a reaction or pin counts twice': doubled('attached'),
  'a reaction or pin is taken back twice': doubled('detached'),
  'a room is changed twice': doubled('changed'),
  'an acknowledged conversation is on no server': dropped('opened'),
  'the same people have two conversations': doubled('opened'),
  'a message is there twice': doubled('posted'),
  'an edit takes effect twice': doubled('edited'),
  'a deletion takes effect twice': doubled('deleted'),
  'a room is made twice': doubled('created'),
  'somebody enters a room twice': doubled('joined'),
  'somebody leaves a room twice': doubled('left'),
  'an entry is missing on one server': {
    faults: ['lost', 'reordered'],
    mutate: onOneServer((entries, pick) => entries.toSpliced(pick(entries.length), 1)),
  },
  'the end of what one server tells is cut': {
    faults: ['lost', 'reordered'],
    mutate: onOneServer((entries, pick) => entries.slice(0, pick(entries.length))),
  },
  'an entry is there twice on one server': {
    faults: ['duplicated', 'reordered', 'phantoms', 'lost'],
    mutate: onOneServer((entries, pick) => [
      ...entries,
      { ...entries[pick(entries.length)]!, index: entries.at(-1)!.index + 1 },
    ]),
  },
  'two neighbours change places on one server': {
    faults: ['reordered'],
    mutate: onOneServer((entries, pick) => {
      if (entries.length < 2) return null;
      const at = pick(entries.length - 1);
      const [first, second] = [entries[at]!, entries[at + 1]!];
      return entries.with(at, { ...second, index: first.index }).with(at + 1, { ...first, index: second.index });
    }),
  },
  'an entry has another content on one server': {
    faults: ['reordered', 'lost', 'phantoms'],
    mutate: onOneServer((entries, pick) => {
      const at = pick(entries.length);
      return entries.with(at, { ...entries[at]!, content: 'changed' });
    }),
  },
  'an acknowledgement names another index': {
    faults: ['reordered', 'lost', 'phantoms'],
    mutate: (history, pick) => {
      const index = history.servers[0]!.entries.at(-1)?.index ?? 0;
      return onOneOperation(isTheOnlyOne, (operation) => ({
        ...operation,
        outcome: { type: 'acknowledged', index: index + 1_000 },
      }))(history, pick);
    },
  },
  'what happened is said to be refused': {
    faults: ['phantoms'],
    mutate: onOneOperation(isTheOnlyOne, (operation) => ({
      ...operation,
      outcome: { type: 'refused', code: 'not-a-member' },
    })),
  },
  'what did not happen is said to be acknowledged': {
    faults: ['lost'],
    mutate: (history, pick) => {
      const there = new Set(history.servers[0]!.entries.map(({ subject }) => subject));
      return onOneOperation(
        ({ effect }) => effect.type === 'posted' && !there.has(effect.subject),
        (operation) => ({ ...operation, completedAt: 1e6, outcome: { type: 'acknowledged', index: 1e6 } }),
      )(history, pick);
    },
  },
  'an operation that stands before an acknowledged one is invoked after its answer': {
    faults: ['reordered'],
    mutate: (history, pick) => {
      const done = history.operations.filter((operation) => acknowledgedAt(operation) !== null);
      const last = done.toSorted((a, b) => acknowledgedAt(b)! - acknowledgedAt(a)!)[0];
      if (last === undefined || done.length < 2) return null;
      const invokedAt = (last.completedAt ?? 0) + 1;
      return onOneOperation(
        (operation) => acknowledgedAt(operation) !== null && operation !== last,
        (operation) => ({ ...operation, invokedAt, completedAt: invokedAt + 1 }),
      )(history, pick);
    },
  },
  'nobody asked for an entry': {
    faults: ['phantoms'],
    mutate: (history, pick) => {
      const done = history.operations.filter((operation) => isTheOnlyOne(operation, history));
      if (done.length === 0) return null;
      const { id } = done[pick(done.length)]!;
      return { ...history, operations: history.operations.filter((operation) => operation.id !== id) };
    },
  },
  'a client was never told of something': {
    faults: ['gaps'],
    mutate: onOneStream((received, pick) => received.toSpliced(pick(received.length), 1)),
  },
  'a client was told of something twice': {
    faults: ['duplicated', 'phantoms'],
    mutate: onOneStream((received, pick) => {
      const from = pick(received.length);
      return received.toSpliced(from + 1 + pick(received.length - from), 0, received[from]!);
    }),
  },
  'a client was told of two messages of a room in the wrong order': {
    faults: ['reordered'],
    mutate: onOneStream((received, pick) => {
      const isPost = ({ type, room }: Entry): boolean => type === 'posted' && room === 'room-0';
      const places = received.flatMap((entry, at) => (isPost(entry) ? [at] : []));
      if (places.length < 2) return null;
      const at = pick(places.length - 1);
      const [one, two] = [places[at]!, places[at + 1]!];
      return received.with(one, received[two]!).with(two, received[one]!);
    }),
  },
  'a client was told of what is not in the history': {
    faults: ['phantoms'],
    mutate: onOneStream((received, pick) => {
      const ghost: Entry = { index: 1, type: 'posted', subject: 'ghost', room: 'room-0', content: '' };
      return received.toSpliced(pick(received.length + 1), 0, ghost);
    }),
  },
  'a client was told another text': {
    faults: ['phantoms', 'reordered'],
    mutate: onOneStream((received, pick) => {
      const at = pick(received.length);
      return received.with(at, { ...received[at]!, content: 'another' });
    }),
  },
  'a read after an own write does not show it': {
    // A page that shows something later beside it was never the room's.
    faults: ['staleReads', 'reordered'],
    mutate: (history, pick) => {
      const own = (page: PageRead): boolean =>
        history.operations.some(
          ({ server, effect, completedAt }) =>
            effect.type === 'posted' &&
            effect.subject === page.messages.at(-1)?.id &&
            server === page.server &&
            completedAt !== null &&
            completedAt < page.invokedAt,
        );
      // A page that was full has one more message at its other end.
      return onOnePage(
        (page) => own(page) && page.messages.length < page.limit,
        (page) => ({ ...page, messages: page.messages.slice(0, -1) }),
      )(history, pick);
    },
  },
  'a page has a hole': {
    faults: ['gaps'],
    mutate: onOnePage(
      ({ messages }) => messages.length > 2,
      (page, pick) => ({ ...page, messages: page.messages.toSpliced(1 + pick(page.messages.length - 2), 1) }),
    ),
  },
  'a page shows what nobody wrote': {
    faults: ['phantoms'],
    mutate: onOnePage(
      ({ messages }) => messages.length > 0,
      (page, pick) => {
        const at = pick(page.messages.length);
        return { ...page, messages: page.messages.with(at, { ...page.messages[at]!, content: 'ghost' }) };
      },
    ),
  },
  'a look at a room counts too many people': {
    faults: ['staleReads'],
    mutate: (history, pick) => {
      const looks = history.reads.filter((read) => read.what === 'room');
      if (looks.length === 0) return null;
      const chosen = looks[pick(looks.length)]!;
      const reads = history.reads.map((read) => (read === chosen ? { ...chosen, members: 99 } : read));
      return { ...history, reads };
    },
  },
  'a look at a room forgets who is in it': {
    faults: ['staleReads'],
    mutate: (history, pick) => {
      const moving = new Set(history.servers[0]!.entries.flatMap(({ type, room }) => (type === 'left' ? [room] : [])));
      const looks = history.reads.filter((read) => read.what === 'room' && read.joined && !moving.has(read.room));
      if (looks.length === 0) return null;
      const chosen = looks[pick(looks.length)]!;
      const reads = history.reads.map((read) =>
        read === chosen ? { ...read, joined: false } : read,
      ) as History['reads'];
      return { ...history, reads };
    },
  },
  'a server does not hold a message': {
    faults: ['lost'],
    mutate: onOneContent((content, pick) => {
      const rooms = [...content.messages].filter(([, messages]) => messages.length > 0);
      if (rooms.length === 0) return null;
      const [room, messages] = rooms[pick(rooms.length)]!;
      const left = messages.toSpliced(pick(messages.length), 1);
      return { ...content, messages: new Map(content.messages).set(room, left) };
    }),
  },
  'a server holds a text that nobody wrote': {
    faults: ['phantoms'],
    mutate: heldAs((message) => ({ ...message, content: 'ghost' })),
  },
  'a server has deleted what nobody deleted': {
    faults: ['phantoms'],
    mutate: heldAs((message) => (message.content === null ? message : { ...message, content: null })),
  },
  'a server still holds a deleted text': {
    faults: ['lost', 'phantoms'],
    mutate: heldAs((message) => (message.content === null ? { ...message, content: 'text of op-0' } : message)),
  },
  'a server does not hold a reaction or pin': {
    faults: ['lost'],
    mutate: heldAs((message) =>
      message.attached?.length ? { ...message, attached: message.attached.slice(1) } : message,
    ),
  },
  'a server holds a reaction that nobody gave': {
    faults: ['phantoms'],
    mutate: heldAs((message) => ({ ...message, attached: [...(message.attached ?? []), '👍 of nobody'] })),
  },
  'a server holds a reaction or pin twice': {
    faults: ['duplicated'],
    mutate: heldAs((message) => {
      const [first] = message.attached ?? [];
      return first === undefined ? message : { ...message, attached: [...message.attached!, first] };
    }),
  },
  'a server holds a room as it was not in the end': {
    faults: ['lost'],
    mutate: onOneContent((content, pick) => {
      // A conversation has no name to be another.
      const named = content.rooms.filter(({ content: facts }) => facts !== '');
      const other = named[pick(Math.max(1, named.length))];
      const rooms = content.rooms.map((room) => (room === other ? { ...room, content: 'as it was' } : room));
      return other === undefined ? null : { ...content, rooms };
    }),
  },
  'a server does not hold a room': {
    faults: ['lost'],
    mutate: onOneContent((content, pick) => ({
      ...content,
      rooms: content.rooms.toSpliced(pick(content.rooms.length), 1),
    })),
  },
  'a server forgets that somebody is in a room': {
    faults: ['lost'],
    mutate: onOneContent((content, pick) => {
      if (content.members.length === 0) return null;
      return { ...content, members: content.members.toSpliced(pick(content.members.length), 1) };
    }),
  },
  'a server forgets how far somebody has read': {
    faults: ['lost'],
    mutate: onOneContent((content, pick) => {
      const at = pick(content.members.length);
      const row = content.members[at];
      if (row === undefined) return null;
      return { ...content, members: content.members.with(at, { ...row, readIndex: 0 }) };
    }),
  },
};
