import { describe, expect, test } from 'vitest';
import type { Message } from '../../protocol/index.ts';
import { rowsOf } from './rows.ts';
import { applyPage, emptyTimeline } from './timeline.ts';
import { addPending, setStored } from './timeline-pending.ts';

const noon = new Date(2026, 5, 10, 12).getTime();
const minute = 60_000;
const message = (index: number, by: string, at: number): Message => ({
  id: `m${index}`,
  index,
  room: 'r',
  text: 'x',
  by,
  name: by,
  at,
});
const timelineOf = (messages: Message[], next: number | null = null) =>
  applyPage(emptyTimeline, { messages, next }, 'newest');
const kinds = (rows: ReturnType<typeof rowsOf>) =>
  rows.map((row) =>
    row.kind === 'message' || row.kind === 'pending' ? `${row.key}${row.first ? '!' : ''}` : row.kind,
  );

describe('the rows of a timeline', () => {
  test('say where the room begins, once everything before is loaded', () => {
    expect(kinds(rowsOf(timelineOf([]), 'me', null))).toEqual(['start']);
    expect(kinds(rowsOf(timelineOf([message(5, 'ann', noon)], 5), 'me', null))).toEqual(['day', 'm5!']);
  });

  test('put what one author wrote within five minutes together', () => {
    const rows = rowsOf(
      timelineOf([
        message(1, 'ann', noon),
        message(2, 'ann', noon + minute),
        message(3, 'ben', noon + 2 * minute),
        message(4, 'ann', noon + 3 * minute),
        message(5, 'ann', noon + 9 * minute),
      ]),
      'me',
      null,
    );
    expect(kinds(rows)).toEqual(['start', 'day', 'm1!', 'm2', 'm3!', 'm4!', 'm5!']);
  });

  test('leave a group as it is when older messages of the same author come above it', () => {
    const newest = timelineOf([message(5, 'ann', noon), message(6, 'ann', noon)], 5);
    const both = applyPage(newest, { messages: [message(4, 'ann', noon)], next: null }, 'older');
    expect(kinds(rowsOf(both, 'me', null))).toEqual(['start', 'day', 'm4!', 'm5!', 'm6']);
  });

  test('begin a new group on a new day', () => {
    const midnight = new Date(2026, 5, 11).getTime();
    const rows = rowsOf(timelineOf([message(1, 'ann', midnight - 1000), message(2, 'ann', midnight)]), 'me', null);
    expect(kinds(rows)).toEqual(['start', 'day', 'm1!', 'day', 'm2!']);
  });

  test('draw the line above the first new message of somebody else', () => {
    const messages = [
      message(1, 'ann', noon),
      message(2, 'me', noon),
      message(3, 'ann', noon),
      message(4, 'ann', noon),
    ];
    expect(kinds(rowsOf(timelineOf(messages), 'me', 1))).toEqual(['start', 'day', 'm1!', 'm2!', 'new', 'm3!', 'm4']);
    expect(kinds(rowsOf(timelineOf(messages), 'me', 4))).not.toContain('new');
  });

  test('draw the line below the day when both stand at one place', () => {
    expect(kinds(rowsOf(timelineOf([message(3, 'ann', noon)]), 'me', 1))).toEqual(['start', 'day', 'new', 'm3!']);
  });

  test('put what waits last, and never on a day before, whatever this device’s clock says', () => {
    const timeline = addPending(timelineOf([message(1, 'me', noon)]), { id: 'p', text: 'x', at: 0, state: 'waiting' });
    expect(kinds(rowsOf(timeline, 'me', null))).toEqual(['start', 'day', 'm1!', 'p']);
  });

  test('keep the key of a message when it comes into the log, so that its row does not jump', () => {
    const waiting = addPending(emptyTimeline, { id: 'm1', text: 'x', at: noon, state: 'waiting' });
    const stored = setStored(applyPage(waiting, { messages: [message(1, 'me', noon)], next: null }, 'newest'), 'm1', 3);
    expect(rowsOf(waiting, 'me', null).at(-1)?.key).toBe('m1');
    expect(rowsOf(stored, 'me', null).at(-1)).toMatchObject({ key: 'm1', kind: 'message', stored: 3 });
  });
});
