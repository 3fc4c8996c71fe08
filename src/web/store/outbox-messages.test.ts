import { describe, expect, test } from 'vitest';
import type { CommandProgress, Message } from '../../client/index.ts';
import { commandIdFrom } from '../../protocol/index.ts';
import { postIn, unsentIn, withProgress } from './outbox-messages.ts';
import { emptyTimeline, type PendingMessage } from './timeline.ts';

const id = commandIdFrom(5_000, new Uint8Array(10));
const answered: Message = { id: 'm1', index: 1, room: 'r', text: 'why?', by: 'ann', name: 'Ann', at: 1 };
const body = { room: 'r', text: 'because', replyTo: 'm1' };
const step = (more: object): CommandProgress =>
  ({ id, kind: 'message.post', body, state: 'pending', ...more }) as CommandProgress;
const timeline = { ...emptyTimeline, messages: [answered] };
const shownAfter = (progress: CommandProgress, remembered?: PendingMessage) =>
  withProgress(timeline, progress, postIn(progress)!, remembered);

describe('a message that an earlier page wrote', () => {
  test('is in its room again as of when it was written, with what it answers', () => {
    expect(shownAfter(step({ kept: true })).pending).toEqual([
      {
        id,
        text: 'because',
        at: 5_000,
        state: 'waiting',
        kept: true,
        replyTo: { id: 'm1', index: 1, by: 'ann', name: 'Ann', text: 'why?' },
      },
    ]);
  });

  test('looks as this device remembers it', () => {
    const file = { id: 'f', name: 'a.txt', type: 'text/plain', size: 1, sha256: '' };
    const [shown] = shownAfter(step({}), { id, text: 'because', at: 4_000, state: 'waiting', files: [file] }).pending;
    expect(shown).toMatchObject({ at: 4_000, files: [file] });
    expect(shown?.kept).toBeUndefined();
  });

  test('goes its way: kept here, sent, on so many disks', () => {
    const kept = shownAfter(step({ kept: true }));
    const sent = withProgress(kept, step({ state: 'sent', kept: true }), body, undefined);
    const stored = withProgress(sent, step({ state: 'done', index: 9, stored: 3 }), body, undefined);
    expect([kept, sent, stored].map(({ pending }) => pending[0]?.state)).toEqual(['waiting', 'sent', 'stored']);
    expect(stored.stored.get(id)).toBe(3);
    expect([kept, sent, stored].map((one) => unsentIn(new Map([['r', one]])))).toEqual([1, 1, 0]);
  });

  test('is no other command', () => {
    expect(postIn(step({ kind: 'message.delete' }))).toBeNull();
  });
});
