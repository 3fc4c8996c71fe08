/**
 * Whether large rooms cost what small ones do: `node bench/rooms.ts [--sizes 10000,100000,1000000] [--rounds 7] [--json
 * file]`. Makes a chat of each size through the chat machine, half of it in one room, and asks each the same in turns.
 * Prints the median of each question's rounds, and how it compares to the smallest chat: at most twice is what is wanted.
 * Add 10000000 to the sizes when there are some minutes and 10 GB.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseQuery } from '../src/chat/search/index.ts';
import { generalRoom } from '../src/protocol/index.ts';
import { type MadeChat, makeChat, rareWord, wordOf } from './rooms-chat.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'string' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const rounds = Number(values.rounds);
/** Times that a question is asked in a round. */
const asks = 20;
const wanted = 2;

/** A question; `turn` counts up, so that it is not always about the same place. Gives how much was found. */
type Question = (made: MadeChat, turn: number) => number;

const search =
  (text: string): Question =>
  ({ chat, search: find, asker }) => {
    const query = parseQuery(text, (year, month, day) => Date.UTC(year, month - 1, day));
    const run = find({ query, userId: asker, before: null, limit: 20 });
    let found = run.step(() => performance.now());
    while (found === null) found = run.step(() => performance.now());
    return found.ids.filter((id) => chat.message(id, asker) !== null).length;
  };

/** An index somewhere in the middle half of the log. */
const middle = ({ newest }: MadeChat, turn: number): number =>
  Math.floor(newest * (0.25 + 0.5 * ((turn * 0.618_033_988) % 1)));

const common = wordOf(3);
const phrase = `"${wordOf(1)} ${wordOf(4)}"`;

const questions: Readonly<Record<string, Question>> = {
  'first page': ({ chat, asker }) => chat.page(generalRoom, { limit: 50 }, asker).messages.length,
  'page in the middle': (made, turn) =>
    made.chat.page(generalRoom, { around: middle(made, turn), limit: 50 }, made.asker).messages.length,
  'next page there': (made, turn) =>
    made.chat.page(generalRoom, { after: middle(made, turn), limit: 50 }, made.asker).messages.length,
  'rooms and unread': ({ chat, asker }) => chat.rooms(asker).length,
  'search: common word': search(common),
  'search: two common': search(`${common} "${wordOf(6)}"`),
  'search: rare word': search(rareWord),
  'search: beginning': search(rareWord.slice(0, 5)),
  'search: phrase': search(phrase),
  'search: from: in:': search('from:"Person 3" in:general'),
  'search: word from: in:': search(`${common} from:"Person 3" in:general`),
  'search: before:': search(`${common} before:2026-01-01`),
  'search: nothing': search('zzyzx'),
};

/** What costs more in a chat that has more, up to a bound: things are counted, or walked through, up to a number. */
const bounded: Readonly<Record<string, Question>> = {
  'rooms, nothing read': ({ chat, absent }) => chat.rooms(absent).length,
  'search: seldom together': search(`${common} from:"Person 3" in:room-4`),
  'search: never together': search(`${wordOf(1)} ${wordOf(0)} in:room-4 in:room-5`),
};
const all = { ...questions, ...bounded };

const noteOn = (name: string, ratios: readonly number[]): string => {
  if (Object.hasOwn(bounded, name)) return '  bounded';
  return ratios.some((ratio) => ratio > wanted) ? '  more than wanted' : '';
};

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)]!;

/** Milliseconds that a question takes: the median of some askings. */
const ask = (question: Question, made: MadeChat, round: number): number =>
  median(
    Array.from({ length: asks }, (_, at) => {
      const startMs = performance.now();
      question(made, round * asks + at);
      return performance.now() - startMs;
    }),
  );

const folder = mkdtempSync(join(tmpdir(), 'estafet-rooms-'));
const chats: MadeChat[] = [];
try {
  for (const size of sizes) {
    const made = makeChat(folder, size);
    chats.push(made);
    const { appliedPerSecond, indexedPerSecond, chatBytes, searchBytes } = made;
    const each = (bytes: number): string => `${Math.round(bytes / size)} bytes a message`;
    console.log(
      `${size} messages: applied ${Math.round(appliedPerSecond)}/s, indexed ${Math.round(indexedPerSecond)}/s, ` +
        `chat ${each(chatBytes)}, index ${each(searchBytes)}`,
    );
  }

  const times: Record<string, number[][]> = {};
  for (const name of Object.keys(all)) times[name] = sizes.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [name, question] of Object.entries(all)) {
      for (const [at, made] of chats.entries()) times[name]?.[at]?.push(ask(question, made, round));
    }
  }

  console.log(`\nmilliseconds, medians of ${rounds} rounds of ${asks}; × is to ${sizes[0]} messages`);
  console.log(['question'.padEnd(24), ...sizes.map((size) => String(size).padStart(18))].join(''));
  const report = Object.entries(times).map(([name, of]) => {
    const ms = of.map(median);
    const ratios = ms.map((one) => one / ms[0]!);
    const found = chats.map((made) => all[name]?.(made, 0) ?? 0);
    const cells = ms.map((one, at) => `${one.toFixed(3)} (${ratios[at]?.toFixed(2)}×)`.padStart(18));
    console.log([name.padEnd(24), ...cells].join('') + noteOn(name, ratios));
    return { name, ms, ratios, found };
  });
  if (values.json !== undefined) {
    const made = chats.map(({ messages, appliedPerSecond, indexedPerSecond, chatBytes, searchBytes }) => {
      return { messages, appliedPerSecond, indexedPerSecond, chatBytes, searchBytes };
    });
    writeFileSync(values.json, `${JSON.stringify({ rounds, asks, chats: made, questions: report }, null, 2)}\n`);
  }
} finally {
  for (const made of chats) made.close();
  rmSync(folder, { recursive: true, force: true });
}
