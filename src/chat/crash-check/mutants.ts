/**
 * Faults planted into copies of the chat machine, one at a time, to see whether the crash check finds them. They are
 * those that the log's simulator cannot see, because the log keeps its promises all the while.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CrashCheckResult } from './crash-check.ts';

/** A fault: in this file, named from `machine/`, these texts become those. */
export interface ChatMutant {
  readonly name: string;
  /** The rule of SPEC.md that it breaks. */
  readonly rule: string;
  readonly file: string;
  readonly edits: readonly (readonly [find: string, replace: string])[];
}

export const chatMutants: readonly ChatMutant[] = [
  {
    name: 'knows in memory alone what it has answered, and not after a restart',
    rule: 'R12',
    file: 'machine.ts',
    edits: [
      ['let position = readPosition(db);', 'let position = readPosition(db); const answered = new Map();'],
      ['const first = outcomes.find(id);', 'const first = answered.get(id);'],
      ['if (!isItsOwnRecord) outcomes.remember(id, {', 'answered.set(id, {'],
    ],
  },
  {
    name: 'moves its position after the transaction',
    rule: 'R11',
    file: 'machine.ts',
    edits: [
      [
        '      move.run(last.index, hash);\n      commit.run();',
        '      commit.run();\n      move.run(last.index, hash);',
      ],
    ],
  },
  {
    name: 'moves its position before the transaction',
    rule: 'R11',
    file: 'machine.ts',
    edits: [
      ['      move.run(last.index, hash);\n', ''],
      ['    begin.run();\n', '    move.run(last.index, hash);\n    begin.run();\n'],
    ],
  },
  {
    name: 'commits each entry by itself, and the position with the last',
    rule: 'R11',
    file: 'machine.ts',
    edits: [
      [
        "if (entry.kind === 'command') applied.push",
        "commit.run(); begin.run(); if (entry.kind === 'command') applied.push",
      ],
    ],
  },
  {
    name: 'does a command again that was refused the first time',
    rule: 'R12',
    file: 'machine.ts',
    edits: [
      [
        'answer(first.outcome, first.index)',
        'answer(first.outcome.ok || !decoded.ok ? first.outcome : perform(turn, decoded.command), first.index)',
      ],
    ],
  },
  {
    name: 'answers a retry with the retry’s own place',
    rule: 'R12',
    file: 'machine.ts',
    edits: [['answer(first.outcome, first.index)', 'answer(first.outcome)']],
  },
  {
    name: 'answers a retry otherwise than the server did that was there the first time',
    rule: 'R12',
    file: 'outcomes.ts',
    edits: [
      ['const allOnes =', 'const made = new WeakMap();\nconst allOnes ='],
      [
        'row.user === null ? {} : { user: String(row.user) }',
        'made.get(db)?.has(id) ? { user: made.get(db).get(id) } : {}',
      ],
      [
        'insert.run(index, id, sender, code, user, room, request);',
        'insert.run(index, id, sender, code, null, room, request); if (!made.has(db)) made.set(db, new Map()); if (outcome.ok && outcome.user) made.get(db).set(id, outcome.user);',
      ],
    ],
  },
  {
    name: 'gives anybody the answer to another’s command',
    rule: 'R12',
    file: 'machine.ts',
    edits: [['first.sender === by ?', 'first.sender.length > 0 ?']],
  },
  {
    name: 'forgets answers while their commands may come again',
    rule: 'R12',
    file: 'outcomes.ts',
    edits: [['const horizon = index - outcomesKeptPositions;', 'const horizon = index - outcomesKeptPositions / 2;']],
  },
  {
    name: 'forgets answers whose ids do not look old yet',
    rule: 'R12',
    file: 'outcomes.ts',
    edits: [['saveAhead.run(horizon, bound);', '']],
  },
  {
    name: 'does not know after a restart how far it has forgotten',
    rule: 'R12',
    file: 'outcomes.ts',
    edits: [['  reload();\n\n  return {', '  return {']],
  },
  {
    name: 'does a reaction again, since doing it twice changes nothing',
    rule: 'P4',
    file: 'machine.ts',
    edits: [
      [
        'answer(first.outcome, first.index)',
        "answer(decoded.ok && decoded.command.kind === 'message.react' ? perform(turn, decoded.command) : first.outcome, first.index)",
      ],
    ],
  },
  {
    name: 'knows in memory alone what people say of themselves',
    rule: 'R11',
    file: 'directory.ts',
    edits: [["  ...(row.about === '' ? {} : { about: String(row.about) }),\n", '']],
  },
  {
    name: 'knows in memory alone which conversations there are',
    rule: 'R11',
    file: 'directory.ts',
    edits: [['row.people === null ? null : String(row.people))', 'null)']],
  },
  {
    name: 'does not remember which conversation it opened',
    rule: 'R12',
    file: 'outcomes.ts',
    edits: [['row.room === null ? {} : { room: String(row.room) }', '{}']],
  },
  {
    name: 'does not remember which label a request got',
    rule: 'R12',
    file: 'outcomes.ts',
    edits: [['row.request === null ? {} : { request: String(row.request) }', '{}']],
  },
  {
    name: 'counts requests in memory, and from the beginning after a restart',
    rule: 'R11',
    file: 'requests.ts',
    edits: [
      ['const insert = db.prepare(', 'let asked = 0;\n  const insert = db.prepare('],
      ['Number(newest.get()?.num ?? 0) + 1', '++asked'],
    ],
  },
  {
    name: 'tells who comes back what was said under the names of today',
    rule: 'R17',
    file: '../queries/told-messages.ts',
    edits: [['pastName.get(message.by, index)?.name', 'undefined']],
  },
  {
    name: 'tells who comes back of a message that it mentions nobody',
    rule: 'R17',
    file: 'event-store.ts',
    edits: [
      [
        'replyTo === undefined && files === undefined && mentions === undefined',
        'replyTo === undefined && files === undefined',
      ],
    ],
  },
  {
    name: 'stamps with its own clock',
    rule: 'R14',
    file: 'turn.ts',
    edits: [['this.at = at;', 'this.at = Date.now();']],
  },
];

/** What came of a mutant: which seed broke which rule, after how many entries; `rule` null when none did. */
export interface ChatMutantResult {
  readonly mutant: ChatMutant;
  readonly seed: number;
  readonly steps: number;
  readonly rule: string | null;
}

const source = fileURLToPath(new URL('../../', import.meta.url));

/** Where the packages are that the chat room imports. */
const packages = (): string => {
  const path = fileURLToPath(import.meta.resolve('typebox'));
  return path.slice(0, path.lastIndexOf('node_modules') + 'node_modules'.length);
};

/**
 * Plants a mutant into a copy of the chat machine and checks seeds from `first` until a rule is broken, `seeds` at most.
 * Works from the sources only. Throws when the mutant's text is not there exactly once: then it must be written anew.
 */
export const huntInChat = async (mutant: ChatMutant, first: number, seeds: number): Promise<ChatMutantResult> => {
  const folder = mkdtempSync(join(tmpdir(), 'estafet-mutant-'));
  try {
    for (const room of ['chat', 'protocol']) cpSync(join(source, room), join(folder, room), { recursive: true });
    symlinkSync(packages(), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const path = join(folder, 'chat/machine', mutant.file);
    let text = readFileSync(path, 'utf8');
    for (const [find, replace] of mutant.edits) {
      if (text.split(find).length !== 2) throw new Error(`“${mutant.name}”: “${find}” is not once in ${mutant.file}`);
      text = text.replace(find, () => replace);
    }
    writeFileSync(path, text);
    const door = pathToFileURL(join(folder, 'chat/crash-check/crash-check.ts')).href;
    const { checkCrashes } = (await import(door)) as { checkCrashes: (seed: number) => CrashCheckResult };
    let steps = 0;
    for (let seed = first; seed < first + seeds; seed++) {
      const result = checkCrashes(seed);
      steps += result.steps;
      if (result.violation !== null) return { mutant, seed, steps, rule: result.violation.rule };
    }
    return { mutant, seed: first + seeds - 1, steps, rule: null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
