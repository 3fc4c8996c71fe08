/** A window that goes anywhere in a room's history still shows what the log says, reactions, pins and quotes included. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatEvent, Message, MessagePage, Reaction } from '../../protocol/index.ts';
import {
  applyEvents,
  applyPage,
  applyReset,
  atRest,
  emptyTimeline,
  holdsPlace,
  newestOf,
  type PageKind,
  type Timeline,
  trim,
  trimEnd,
} from './timeline.ts';
import { addPending } from './timeline-pending.ts';

const message = (index: number, more: Partial<Message> = {}): Message => ({
  id: `m${index}`,
  index,
  room: 'r',
  text: `text ${index}`,
  by: 'ann',
  name: 'Ann',
  at: index * 1000,
  ...more,
});
const posted = (index: number, more: Partial<Message> = {}): ChatEvent => ({
  type: 'message.posted',
  index,
  message: message(index, more),
});
const reacted = (of: number, index: number, user: string, on: boolean, count: number, emoji = '👍'): ChatEvent => ({
  type: 'message.reacted',
  index,
  room: 'r',
  messageId: `m${of}`,
  emoji,
  user,
  on,
  count,
});
const page = (indices: readonly number[], next: number | null, newer?: number | null): MessagePage => ({
  messages: indices.map((index) => message(index)),
  next,
  ...(newer === undefined ? {} : { newer }),
});
const indices = (timeline: Timeline): number[] => timeline.messages.map((one) => one.index);
const reactionsOf = (timeline: Timeline, index: number) =>
  timeline.messages.find((one) => one.index === index)?.reactions;

describe('a window in the middle', () => {
  const newest = applyPage(emptyTimeline, page([8, 9], 8), 'newest');
  const middle = applyPage(newest, page([3, 4, 5], 3, 5), 'around');

  test('replaces what was there, and says so', () => {
    expect(indices(middle)).toEqual([3, 4, 5]);
    expect(middle.generation).toBe(newest.generation + 1);
    expect([middle.older, middle.newer]).toEqual([3, 5]);
    expect([holdsPlace(middle, 4), holdsPlace(middle, 6), holdsPlace(middle, 2)]).toEqual([true, false, false]);
  });

  test('takes in no new message, but knows it', () => {
    const later = applyEvents(middle, [posted(12)]);
    expect(indices(later)).toEqual([3, 4, 5]);
    expect(newestOf(later)?.index).toBe(12);
  });

  test('comes to the end page by page, and then has what was posted meanwhile', () => {
    const later = applyEvents(middle, [posted(12)]);
    const more = applyPage(later, page([6, 7], 7), 'newer');
    expect(more.newer).toBe(7);
    // Read before 12 was posted.
    const end = applyPage(more, page([8, 9], null), 'newer');
    expect(indices(end)).toEqual([3, 4, 5, 6, 7, 8, 9, 12]);
    expect(end.newer).toBeNull();
    expect(indices(applyEvents(end, [posted(13)])).at(-1)).toBe(13);
    expect(end.generation).toBe(middle.generation);
  });

  test('goes to the newest page at once, and has what was posted while that was on its way', () => {
    const later = applyEvents(middle, [posted(12), posted(13)]);
    const end = applyPage(later, page([9, 12], 9), 'newest');
    expect(indices(end)).toEqual([9, 12, 13]);
    expect([end.newer, end.generation]).toEqual([null, middle.generation + 1]);
  });

  test('stays apart from the end when more was posted than is kept', () => {
    const many = Array.from({ length: 1_005 }, (_, at) => posted(100 + at));
    const end = applyPage(applyEvents(middle, many), page([6, 7, 8, 9], null), 'newer');
    expect(end.newer).toBe(9);
    expect(indices(applyPage(end, page([100, 101], 101), 'newer')).slice(-2)).toEqual([100, 101]);
  });

  test('at the end of the room is a window like any other', () => {
    const end = applyPage(applyEvents(newest, [posted(12)]), page([5, 8, 9], 5, null), 'around');
    expect(indices(end)).toEqual([5, 8, 9, 12]);
    expect(end.newer).toBeNull();
  });

  test('keeps what is on its way, and lets go of the rest when the room is left', () => {
    const waiting = addPending(middle, { id: 'p', text: 'x', at: 1, state: 'waiting' });
    const left = atRest(waiting, 200);
    expect([left.messages, left.older, left.newer, left.pending.length]).toEqual([[], undefined, null, 1]);
  });

  test('of before a reset lets no page join it', () => {
    const reset = applyReset(middle, 20);
    expect(applyPage(reset, page([6, 7], null), 'newer')).toBe(reset);
    expect(indices(applyPage(reset, page([18, 19], 18), 'newest'))).toEqual([18, 19]);
  });
});

describe('a window grown too large', () => {
  const all = applyPage(emptyTimeline, page([1, 2, 3, 4, 5], null), 'newest');

  test('lets its newest messages go, and no hole comes of it', () => {
    const less = applyEvents(trimEnd(all, 3), [posted(6)]);
    expect([indices(less), less.newer]).toEqual([[1, 2, 3], 3]);
    expect(indices(applyPage(less, page([4, 5], null), 'newer'))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('lets its oldest messages go, and they come again', () => {
    const less = trim(all, 2);
    expect([indices(less), less.older]).toEqual([[4, 5], 4]);
    expect(indices(applyPage(less, page([2, 3], 2), 'older'))).toEqual([2, 3, 4, 5]);
  });
});

describe('reactions', () => {
  const loaded = applyPage(emptyTimeline, page([1, 2], null), 'newest');

  test('come and go with their people', () => {
    const two = applyEvents(loaded, [reacted(1, 5, 'ben', true, 1), reacted(1, 6, 'cid', true, 2)]);
    expect(reactionsOf(two, 1)).toEqual([{ emoji: '👍', count: 2, by: ['ben', 'cid'] }]);
    const one = applyEvents(two, [reacted(1, 7, 'ben', false, 1)]);
    expect(reactionsOf(one, 1)).toEqual([{ emoji: '👍', count: 1, by: ['cid'] }]);
    expect(reactionsOf(applyEvents(one, [reacted(1, 8, 'cid', false, 0)]), 1)).toBeUndefined();
  });

  test('told twice are there once', () => {
    const event = reacted(1, 5, 'ben', true, 1);
    expect(reactionsOf(applyEvents(loaded, [event, event]), 1)).toEqual([{ emoji: '👍', count: 1, by: ['ben'] }]);
  });

  test('outlive an edit and a pin, whose events do not have them, but not a deletion', () => {
    const with1 = applyEvents(loaded, [reacted(1, 5, 'ben', true, 1)]);
    const changed = applyEvents(with1, [
      { type: 'message.edited', index: 6, message: message(1, { text: 'new', editedAt: 6_000 }) },
      {
        type: 'message.pinned',
        index: 7,
        message: message(1, { text: 'new', editedAt: 6_000, pinned: { by: 'ann', at: 7 } }),
      },
    ]);
    expect(changed.messages[0]).toMatchObject({ text: 'new', pinned: { by: 'ann' }, reactions: [{ count: 1 }] });
    const gone = applyEvents(changed, [
      { type: 'message.deleted', index: 8, message: message(1, { text: '', deleted: true }) },
      reacted(1, 9, 'cid', true, 2),
    ]);
    expect(gone.messages[0]).toEqual(message(1, { text: '', deleted: true }));
  });

  test('a pin is taken out by its event', () => {
    const pinned = applyEvents(loaded, [
      { type: 'message.pinned', index: 7, message: message(1, { pinned: { by: 'ann', at: 7 } }) },
    ]);
    const not = applyEvents(pinned, [{ type: 'message.pinned', index: 8, message: message(1) }]);
    expect([pinned.messages[0]?.pinned?.by, not.messages[0]?.pinned]).toEqual(['ann', undefined]);
  });

  test('of a message that is not loaded are there when it comes', () => {
    const early = applyEvents(loaded, [reacted(9, 10, 'ben', true, 1), reacted(9, 11, 'cid', true, 2)]);
    expect(reactionsOf(applyPage(early, page([9], null, null), 'around'), 9)).toMatchObject([{ count: 2 }]);
  });
});

describe('a quote', () => {
  const quote = { id: 'm1', index: 1, by: 'ann', name: 'Ann', text: 'text 1' };
  const reply = message(5, { replyTo: quote });
  const loaded = applyPage(emptyTimeline, { messages: [message(1), reply], next: null }, 'newest');
  const gone: ChatEvent = { type: 'message.deleted', index: 9, message: message(1, { text: '', deleted: true }) };
  const edited: ChatEvent = {
    type: 'message.edited',
    index: 9,
    message: message(1, { text: 'other words', editedAt: 9_000 }),
  };

  test('says nothing any more when what it quotes is deleted', () => {
    expect(applyEvents(loaded, [gone]).messages[1]?.replyTo).toMatchObject({ deleted: true, text: '' });
  });

  test('says what the message says now', () => {
    expect(applyEvents(loaded, [edited]).messages[1]?.replyTo?.text).toBe('other words');
  });

  test('is right on a page that was read before the deletion', () => {
    const before = applyEvents(applyPage(emptyTimeline, page([1], null), 'newest'), [gone]);
    const later = applyPage(before, { messages: [message(1), reply], next: null }, 'newest');
    expect(later.messages[1]?.replyTo).toMatchObject({ deleted: true });
    const unseen = applyEvents(applyPage(emptyTimeline, page([8], 8), 'newest'), [gone]);
    expect(applyPage(unseen, { messages: [reply], next: null }, 'older').messages[0]?.replyTo?.deleted).toBe(true);
  });
});

/** What a server has stored after so many events: reactions counted, pins put. */
const storedAfter = (events: readonly ChatEvent[]): Message[] => {
  const rows = new Map<string, Message>();
  for (const event of events) {
    if (event.type === 'message.posted') rows.set(event.message.id, event.message);
    if (event.type !== 'message.reacted') continue;
    const row = rows.get(event.messageId)!;
    const others = (row.reactions?.[0]?.by ?? []).filter((id) => id !== event.user);
    const by = event.on ? [...others, event.user] : others;
    const reactions: Reaction[] = by.length > 0 ? [{ emoji: '👍', count: by.length, by }] : [];
    const { reactions: _before, ...rest } = row;
    rows.set(row.id, reactions.length > 0 ? { ...rest, reactions } : rest);
  }
  return [...rows.values()];
};

const limit = 3;
const read = (rows: readonly Message[], which: string, cursor: number): MessagePage => {
  if (which === 'newest' || which === 'older') {
    const before = which === 'newest' ? rows : rows.filter((row) => row.index < cursor);
    const messages = before.slice(-limit);
    return { messages, next: messages.length < before.length ? messages[0]!.index : null };
  }
  if (which === 'newer') {
    const after = rows.filter((row) => row.index > cursor);
    const messages = after.slice(0, limit);
    return { messages, next: messages.length < after.length ? messages.at(-1)!.index : null };
  }
  const at = rows.findIndex((row) => row.index >= cursor);
  const from = Math.max(0, (at < 0 ? rows.length : at) - 1);
  const messages = rows.slice(from, from + limit);
  return {
    messages,
    next: from > 0 ? (messages[0]?.index ?? null) : null,
    newer: from + limit < rows.length ? messages.at(-1)!.index : null,
  };
};

describe('any order of pages, jumps, trims and events', () => {
  const step = fc.tuple(
    fc.constantFrom(
      'post',
      'post',
      'react',
      'older',
      'newer',
      'around',
      'newest',
      'answer',
      'answer',
      'trim',
      'trimEnd',
    ),
    fc.nat(40),
    fc.nat(3),
  );

  test('leaves a window without holes that says what the log says', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const events: ChatEvent[] = [posted(1), posted(2), posted(3), posted(4), posted(5)];
        let heard = events.length;
        let timeline = applyPage(emptyTimeline, read(storedAfter(events), 'newest', 0), 'newest');
        // The server may be a few events ahead of what the page has heard, never behind it.
        const hear = (lag: number) => {
          const upto = Math.max(heard, events.length - lag);
          timeline = applyEvents(timeline, events.slice(heard, upto));
          heard = upto;
        };
        // What was asked for, and read by the server then; it comes some steps later.
        let asked: { which: PageKind; cursor: number; page: MessagePage; generation: number } | null = null;
        const answer = () => {
          if (!asked) return;
          const { which, cursor, page: answered, generation } = asked;
          asked = null;
          const isBeside = which === 'older' || which === 'newer';
          // As the loader has it: nothing of another window, and nothing for an end that was let go.
          if (isBeside && (timeline[which] !== cursor || timeline.generation !== generation)) return;
          timeline = applyPage(timeline, answered, which);
        };
        for (const [what, place, lag] of steps) {
          const index = events.length + 1;
          const rows = storedAfter(events);
          if (what === 'post') events.push(posted(index));
          else if (what === 'react') {
            const row = rows[place % rows.length]!;
            const by = row.reactions?.[0]?.by ?? [];
            const user = `u${lag}`;
            const on = !by.includes(user);
            events.push(reacted(row.index, index, user, on, by.length + (on ? 1 : -1)));
          } else if (what === 'trim') timeline = trim(timeline, 4);
          else if (what === 'trimEnd') timeline = trimEnd(timeline, 4);
          else if (what === 'answer') answer();
          else {
            const cursor = what === 'older' ? timeline.older : what === 'newer' ? timeline.newer : place + 1;
            // Events that came before it was asked for are known; others come in any order with the answer.
            hear(0);
            if (cursor)
              asked = { which: what, cursor, page: read(rows, what, cursor), generation: timeline.generation };
          }
          hear(lag);
        }
        hear(0);
        answer();
        hear(0);
        const end = storedAfter(events);
        for (let at = 0; at < 200 && (timeline.older || timeline.newer); at++) {
          if (timeline.older) timeline = applyPage(timeline, read(end, 'older', timeline.older), 'older');
          if (timeline.newer) timeline = applyPage(timeline, read(end, 'newer', timeline.newer), 'newer');
        }
        const sorted = (rows: readonly Message[]) =>
          rows.map(({ reactions, ...rest }) => ({
            ...rest,
            reactions: reactions?.map((one) => ({ ...one, by: [...one.by].sort() })),
          }));
        expect(sorted(timeline.messages)).toEqual(sorted(end));
      }),
      { numRuns: 1_000 },
    );
  });
});
