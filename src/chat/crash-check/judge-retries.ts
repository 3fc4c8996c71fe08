/**
 * What a log's retries came to, judged from the log and the answers alone: a machine that is wrong in the same way with
 * and without crashes is wrong here.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ChatEvent } from '../../protocol/index.ts';
import type { Applied } from '../machine/machine.ts';
import type { Retention } from '../machine/outcomes.ts';
import type { RetriedEntry } from './retried-log.ts';
import { Violation } from './violation.ts';

/** Refusals that follow from an id alone and are not kept. */
const unkept: ReadonlySet<string> = new Set(['bad-id', 'id-too-old', 'id-reused']);

const codeOf = ({ outcome }: Applied): string | null => (outcome.ok ? null : outcome.code);

/** The id of what an event says has come to be, or nothing. */
const madeBy = (event: ChatEvent): string => {
  if (event.type === 'message.posted') return event.message.id;
  if (event.type === 'user.joined') return event.user.id;
  // A conversation is its people, for ever, whoever opens it again.
  if (event.type === 'room.created') return event.room.with ? `of ${event.room.with.join()}` : event.room.id;
  return '';
};

/** Throws a `Violation` for a retry with another answer than the first, or with any effect; and for a thing made twice. */
export const judgeRetries = (
  entries: readonly RetriedEntry[],
  applied: readonly Applied[],
  { outcomesKeptPositions, stepPositions }: Retention,
): void => {
  const byIndex = new Map(applied.map((one) => [one.index, one]));
  const made = new Set<string>();
  for (const one of applied) {
    for (const { event } of one.events) {
      const what = madeBy(event);
      if (what !== '' && made.has(what)) throw new Violation('P4', `${what} is made again by entry ${one.index}`);
      made.add(what);
    }
    if (!one.outcome.ok || one.outcome.request === undefined || one.firstIndex !== one.index) continue;
    const label = one.outcome.request;
    if (made.has(label)) throw new Violation('P4', `entry ${one.index} gets the label ${label} again`);
    made.add(label);
  }
  for (const { index, of, isSame } of entries) {
    const [again, first] = [byIndex.get(index), byIndex.get(of ?? 0)];
    if (again === undefined || first === undefined) continue;
    const said = JSON.stringify(again.outcome);
    const wrong = (what: string): Violation =>
      new Violation('R12', `entry ${index} repeats ${of}, which came to ${JSON.stringify(first.outcome)}, and ${what}`);
    const lastExpiry = index - 1 - ((index - 1) % stepPositions);
    const isKept = first.firstIndex > lastExpiry - outcomesKeptPositions && !unkept.has(codeOf(first) ?? '');
    if (!isSame) {
      if (isKept && codeOf(again) !== 'id-reused') throw wrong(`told another sender ${said}`);
      continue;
    }
    const isAsFirst = again.firstIndex === first.firstIndex && isDeepStrictEqual(again.outcome, first.outcome);
    if (isKept && !isAsFirst) throw wrong(`came to ${said} at ${again.firstIndex}`);
    // What was done and is forgotten may be refused, but never done again.
    if (first.outcome.ok && !isAsFirst && codeOf(again) !== 'id-too-old') throw wrong(`long after came to ${said}`);
    if (first.outcome.ok && again.events.length + again.sessionsEnded.length + again.piecesFreed.length > 0)
      throw wrong('had an effect again');
  }
};
