/** A timeline shows what the log says, whatever the order in which pages and events come. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatEvent, Message, MessagePage } from '../../protocol/index.ts';
import { applyEvents, applyPage, applyReset, emptyTimeline, lastEditable, type Timeline, trim } from './timeline.ts';
import { addPending, dropPending, setPending, setStored } from './timeline-pending.ts';

type MessageEvent = Extract<ChatEvent, { readonly message: Message }>;

const message = (index: number, more: Partial<Message> = {}): Message => ({
  id: `m${index}`,
  index,
  room: 'r',
  text: `text ${index}`,
  by: index % 2 === 0 ? 'ann' : 'ben',
  name: index % 2 === 0 ? 'Ann' : 'Ben',
  at: index * 1000,
  ...more,
});
const posted = (index: number, more: Partial<Message> = {}): MessageEvent => ({
  type: 'message.posted',
  index,
  message: message(index, more),
});
const edited = (of: number, index: number): MessageEvent => ({
  type: 'message.edited',
  index,
  message: message(of, { text: `edited at ${index}`, editedAt: index * 1000 }),
});
const deleted = (of: number, index: number): MessageEvent => ({
  type: 'message.deleted',
  index,
  message: message(of, { text: '', deleted: true }),
});
const page = (messages: readonly Message[], next: number | null = null): MessagePage => ({
  messages: [...messages],
  next,
});
const texts = (timeline: Timeline): string[] => timeline.messages.map((one) => (one.deleted ? 'gone' : one.text));
const indices = (timeline: Timeline): number[] => timeline.messages.map((one) => one.index);
const written = (id: string, text = id) => ({ id, text, at: 1, state: 'waiting' }) as const;

describe('pages and events', () => {
  test('a message that comes as an event and on a page is shown once', () => {
    const events = applyEvents(emptyTimeline, [posted(3)]);
    expect(indices(applyPage(events, page([message(2), message(3)]), 'newest'))).toEqual([2, 3]);
  });

  test('older pages go above what is there, and the beginning is known when there is no further page', () => {
    const newest = applyPage(emptyTimeline, page([message(5), message(6)], 5), 'newest');
    expect(newest.older).toBe(5);
    const older = applyPage(newest, page([message(3), message(4)]), 'older');
    expect(indices(older)).toEqual([3, 4, 5, 6]);
    expect(older.older).toBeNull();
  });

  test('an empty room is at its beginning', () => {
    const loaded = applyPage(emptyTimeline, page([]), 'newest');
    expect(loaded.older).toBeNull();
  });

  test('an edit that comes before the page with the old text wins', () => {
    const early = applyEvents(emptyTimeline, [edited(2, 9)]);
    expect(indices(early)).toEqual([]);
    expect(texts(applyPage(early, page([message(2)]), 'newest'))).toEqual(['edited at 9']);
  });

  test('an edit that comes after a page that has a newer one changes nothing', () => {
    const loaded = applyPage(emptyTimeline, page([message(2, { text: 'newer', editedAt: 12_000 })]), 'newest');
    expect(texts(applyEvents(loaded, [edited(2, 9)]))).toEqual(['newer']);
  });

  test('a deletion is for ever, also when an older page or an older edit comes late', () => {
    const loaded = applyPage(emptyTimeline, page([message(4)], 4), 'newest');
    const gone = applyEvents(loaded, [deleted(4, 9), deleted(2, 10)]);
    expect(texts(gone)).toEqual(['gone']);
    expect(texts(applyEvents(gone, [edited(4, 8)]))).toEqual(['gone']);
    expect(texts(applyPage(gone, page([message(2), message(3)]), 'older'))).toEqual(['gone', 'text 3', 'gone']);
  });

  test('an edit of a message above the loaded window does not open a hole in it', () => {
    const loaded = applyPage(emptyTimeline, page([message(8), message(9)], 8), 'newest');
    const later = applyEvents(loaded, [edited(3, 12)]);
    expect(indices(later)).toEqual([8, 9]);
    expect(texts(applyPage(later, page([message(3), message(4)]), 'older'))[0]).toBe('edited at 12');
  });

  test('events that change nothing give the same object, so that nothing is drawn again', () => {
    expect(applyEvents(emptyTimeline, [])).toBe(emptyTimeline);
  });
});

describe('a reset', () => {
  const before = applyPage(emptyTimeline, page([message(1), message(2)]), 'newest');
  const reset = applyReset(before, 10);

  test('keeps what is on the screen until the newest page comes, which then replaces it', () => {
    expect(indices(reset)).toEqual([1, 2]);
    expect(indices(applyPage(reset, page([message(7), message(8)], 7), 'newest'))).toEqual([7, 8]);
  });

  test('keeps events that came after it', () => {
    const later = applyEvents(reset, [posted(11), posted(12)]);
    const loaded = applyPage(later, page([message(8), message(9), message(11)], 8), 'newest');
    expect(indices(loaded)).toEqual([8, 9, 11, 12]);
    expect(loaded.staleUpto).toBe(0);
  });

  test('lets no older page join the old window', () => {
    expect(applyPage(reset, page([message(0)]), 'older')).toBe(reset);
  });

  test('forgets changes it had kept aside, because the new page has them', () => {
    const kept = applyEvents(before, [edited(0, 5)]);
    expect(applyReset(kept, 10).revisions.size).toBe(0);
  });
});

describe('own messages on their way', () => {
  const waiting = addPending(emptyTimeline, written('m7', 'hello'));

  test('stand after everything else, in the order they were written', () => {
    const two = addPending(waiting, written('m8'));
    const more = applyEvents(two, [posted(3)]);
    expect(more.pending.map((one) => one.id)).toEqual(['m7', 'm8']);
    expect(indices(more)).toEqual([3]);
  });

  test('leave when the log has them, by event or by page', () => {
    expect(applyEvents(waiting, [posted(7)]).pending).toEqual([]);
    expect(applyPage(waiting, page([message(7)]), 'newest').pending).toEqual([]);
  });

  test('are told how many servers have them, whether the answer comes before or after the event', () => {
    const answered = setStored(waiting, 'm7', 3);
    expect(answered.pending[0]?.state).toBe('stored');
    for (const timeline of [
      applyEvents(answered, [posted(7)]),
      setStored(applyEvents(waiting, [posted(7)]), 'm7', 3),
    ]) {
      expect(timeline.pending).toEqual([]);
      expect(timeline.stored.get('m7')).toBe(3);
    }
  });

  test('wait again when the server that had them is lost, but not once they are acknowledged', () => {
    const sent = setPending(waiting, 'm7', 'sent');
    expect(setPending(sent, 'm7', 'waiting').pending[0]?.state).toBe('waiting');
    const stored = setStored(sent, 'm7', 2);
    expect(setPending(stored, 'm7', 'waiting')).toBe(stored);
  });

  test('say why when they fail, and forget it when they are sent again', () => {
    const failed = setPending(waiting, 'm7', 'failed', 'not-a-member');
    expect(failed.pending[0]).toMatchObject({ state: 'failed', code: 'not-a-member', text: 'hello' });
    expect(setPending(failed, 'm7', 'waiting').pending[0]).not.toHaveProperty('code');
    expect(dropPending(failed, 'm7').pending).toEqual([]);
  });

  test('survive a reset', () => {
    expect(applyReset(waiting, 5).pending).toHaveLength(1);
  });
});

describe('the window', () => {
  test('shrinks to its newest messages, and loads the rest again from there', () => {
    const many = applyPage(emptyTimeline, page([1, 2, 3, 4].map((index) => message(index))), 'newest');
    const less = trim(many, 2);
    expect(indices(less)).toEqual([3, 4]);
    expect(less.older).toBe(3);
    expect(indices(applyPage(less, page([message(1), message(2)]), 'older'))).toEqual([1, 2, 3, 4]);
  });

  test('knows the newest own message that can be edited', () => {
    const loaded = applyPage(emptyTimeline, page([message(2), message(4), message(5)]), 'newest');
    expect(lastEditable(loaded, 'ann')?.index).toBe(4);
    expect(lastEditable(applyEvents(loaded, [deleted(4, 9)]), 'ann')?.index).toBe(2);
    expect(lastEditable(loaded, 'nobody')).toBeNull();
  });
});

/** A room's history as its log tells it: each step posts, edits or deletes. */
const steps = fc.array(fc.tuple(fc.constantFrom('post', 'post', 'post', 'edit', 'delete'), fc.nat()), {
  maxLength: 40,
});

const eventsOf = (list: readonly (readonly [string, number])[]): MessageEvent[] => {
  const events: MessageEvent[] = [];
  const alive: number[] = [];
  list.forEach(([what, which], at) => {
    const index = at + 1;
    const of = alive[which % Math.max(1, alive.length)];
    if (what === 'post' || of === undefined) {
      events.push(posted(index));
      alive.push(index);
    } else if (what === 'edit') events.push(edited(of, index));
    else {
      events.push(deleted(of, index));
      alive.splice(alive.indexOf(of), 1);
    }
  });
  return events;
};

/** What a server that has applied so many events has stored. */
const storedAfter = (events: readonly MessageEvent[]): Message[] => {
  const rows = new Map<string, Message>();
  for (const event of events) rows.set(event.message.id, event.message);
  return [...rows.values()].sort((a, b) => a.index - b.index);
};

const newestPage = (rows: readonly Message[], limit: number): MessagePage => {
  const messages = rows.slice(-limit);
  return page(messages, messages.length < rows.length ? messages[0]!.index : null);
};
const pageBefore = (rows: readonly Message[], before: number, limit: number): MessagePage =>
  newestPage(
    rows.filter((row) => row.index < before),
    limit,
  );

describe('any order', () => {
  test('the newest page at any moment of the stream, then older ones, end in what the log says', () => {
    fc.assert(
      fc.property(steps, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 }), fc.nat(), (list, a, b, limit, c) => {
        const events = eventsOf(list);
        const size = events.length + 1;
        // The stream begins at `from`; the page is read at `read`, not earlier, and comes when `shown` events have come.
        const from = a % size;
        const read = from + (b % (size - from));
        const shown = from + (c % (size - from));
        let timeline = applyEvents(emptyTimeline, events.slice(from, shown));
        timeline = applyPage(timeline, newestPage(storedAfter(events.slice(0, read)), limit), 'newest');
        // Events come one by one, with an older page, read when it is asked for, between any two of them.
        for (const event of events.slice(shown)) {
          const asked = timeline.older
            ? pageBefore(storedAfter(events.slice(0, event.index)), timeline.older, limit)
            : null;
          timeline = applyEvents(timeline, [event]);
          if (asked) timeline = applyPage(timeline, asked, 'older');
        }
        const end = storedAfter(events);
        const oldest = timeline.older ?? 0;
        expect(timeline.messages).toEqual(end.filter((row) => row.index >= oldest));
        while (timeline.older) timeline = applyPage(timeline, pageBefore(end, timeline.older, limit), 'older');
        expect(timeline.messages).toEqual(end);
      }),
      { numRuns: 1_000 },
    );
  });
});
