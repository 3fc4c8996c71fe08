/**
 * The history that everything else is compared with: the longest of the servers' own. Which one it is does not matter to
 * whether a fault is found, since every other server is compared with it; only to the words.
 */
import type { Faults } from './faults.ts';
import type { Entry, ServerHistory } from './history.ts';
import { wordsOf } from './rules.ts';

export interface Reference {
  readonly server: string;
  readonly entries: readonly Entry[];
  /** Position in `entries` by index. */
  readonly byIndex: ReadonlyMap<number, number>;
}

const nothing: ServerHistory = { server: 'none', entries: [] };

/** Picks the reference and notes what is wrong with it by itself: a text that is posted twice, or an order that goes back. */
export const referenceOf = (servers: readonly ServerHistory[], faults: Faults): Reference => {
  let longest = servers[0] ?? nothing;
  for (const server of servers) if (server.entries.length > longest.entries.length) longest = server;
  const { server, entries } = longest;

  const byIndex = new Map<number, number>();
  const posts = new Map<string, Entry>();
  let newest = 0;
  for (const [position, entry] of entries.entries()) {
    const { index } = entry;
    if (index <= newest) {
      faults.add('reordered', () => `${wordsOf(entry)} on ${server}: index ${index} follows ${newest}`, `at ${index}`);
    }
    newest = index;
    if (!byIndex.has(index)) byIndex.set(index, position);
    if (entry.type !== 'posted') continue;
    const twin = posts.get(entry.content);
    if (twin === undefined) posts.set(entry.content, entry);
    else if (twin.subject !== entry.subject) {
      const message = () => `${entry.subject} at ${index} has the text of ${twin.subject} on ${server}`;
      faults.add('duplicated', message, entry.subject);
    }
  }
  return { server, entries, byIndex };
};
