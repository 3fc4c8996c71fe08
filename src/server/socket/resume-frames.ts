/** A resuming socket's slice of events as frames: runs of the same room, in the order of the log. */
import type { AddressedEvent } from '../../protocol/index.ts';
import { eventsFrame } from './text-frame.ts';

/** The room that an event's frame names: null for the workspace's and a person's own. */
const roomOf = ({ audience }: AddressedEvent): string | null => (audience.to === 'room' ? audience.room : null);

/**
 * The frames for `events`, which lie after `before` and up to `upto`. Always at least one; only the last one moves the
 * cursor.
 */
export const resumeFrames = (events: readonly AddressedEvent[], before: number, upto: number): readonly Buffer[] => {
  const runs: { readonly room: string | null; readonly events: string[] }[] = [];
  for (const addressed of events) {
    const room = roomOf(addressed);
    const json = JSON.stringify(addressed.event);
    const run = runs.at(-1);
    if (run !== undefined && run.room === room) run.events.push(json);
    else runs.push({ room, events: [json] });
  }
  if (runs.length === 0) runs.push({ room: null, events: [] });
  return runs.map((run, at) => eventsFrame(run.room, at === runs.length - 1 ? upto : before, run.events));
};
