import { describe, expect, test } from 'vitest';
import { codeOf, filesUnder } from './source.ts';
import { rules } from './tidy.ts';

const isText = (path: string): boolean =>
  !/\.(png|jpe?g|gif|webp|avif|ico|woff2?|ttf|mp4|webm|pdf|zip|gz|wasm)$/.test(path);
const files = filesUnder('.', isText);

describe('tidy', () => {
  test.each([
    ['chat, lab and the core of the engine take time, randomness and the process as arguments', rules.pure],
    ['nothing gives up its types or silences a tool', rules.typed],
    ['names of files are in kebab-case', rules.named],
    ['a long source file begins by saying what it is', rules.introduced],
    ['no file has more than 400 lines', rules.short],
    ['nothing is left to do', rules.finished],
    ['nothing names a registry or a place on one machine', rules.portable],
    ['every test is run', rules.whole],
  ])('%s', (_, rule) => {
    expect(files.flatMap(rule)).toEqual([]);
  });
});

describe('the tidy rules', () => {
  const long = (first: string): string => `${first}\n${'const x = 1;\n'.repeat(70)}`;

  test.each([
    ['pure', 'src/chat/a.ts', 'const at = Date.now();'],
    ['pure', 'src/lab/a.ts', 'const at = new Date();'],
    ['pure', 'src/lab/a.ts', 'const x = Math.random();'],
    ['pure', 'src/log/embedded/replica/a.ts', 'setTimeout(tick, 5);'],
    ['pure', 'src/chat/a.ts', 'if (process.env.DEBUG) stop();'],
    ['pure', 'src/chat/a.ts', 'const id = `m-\x24{Math.random()}`;'],
    ['typed', 'src/chat/a.ts', 'const x = y as any;'],
    ['typed', 'test/a.ts', `// @ts-${'ignore'}: just this once`],
    ['named', 'src/web/ChatRoom.tsx', ''],
    ['named', 'src/web/chat_room.ts', ''],
    ['introduced', 'src/chat/a.ts', long("import { x } from './x.ts';")],
    ['short', 'src/chat/a.ts', 'const x = 1;\n'.repeat(401)],
    ['finished', 'docs/a.md', `It works. ${'TO'}DO: say how.`],
    ['portable', 'docs/a.md', `Run it in /${'work'}/main.`],
    ['portable', 'scripts/a.ts', `import { x } from '../${'shared'}/x.ts';`],
    ['portable', 'package-lock.json', '      "resolved": "https://registry.example/ws-8.tgz",'],
    ['whole', 'src/a.test.ts', "test.only('x', () => {});"],
    ['whole', 'src/a.test.ts', "describe.concurrent.skip('x', () => {});"],
  ] as const)('%s: finds what is wrong in %s (example %#)', (rule, path, text) => {
    expect(rules[rule]({ path, text })).toHaveLength(1);
  });

  test.each([
    ['pure', 'src/chat/a.ts', "/** Never Date.now(). */\nconst s = 'setTimeout';\nlog.process(s);"],
    ['pure', 'src/server/a.ts', 'const at = Date.now();'],
    ['pure', 'src/chat/a.test.ts', 'const at = Date.now();'],
    ['typed', 'src/chat/a.ts', 'const s = "as any"; // in any case: any is a word'],
    ['named', 'src/web/chat-room.test.tsx', ''],
    ['introduced', 'src/chat/a.ts', long('/** What it is. */')],
    ['short', 'src/chat/a.ts', 'const x = 1;\n'.repeat(400)],
    ['portable', 'src/web/a.ts', "import { x } from '../chat/x.ts'; // see https://example.org/home/page"],
    ['portable', 'package-lock.json', '      "url": "https://github.com/sponsors/x"'],
    ['whole', 'src/a.test.ts', "test('skips what is not only there', () => list.skip(1));"],
  ] as const)('%s: lets pass what is right in %s (example %#)', (rule, path, text) => {
    expect(rules[rule]({ path, text })).toEqual([]);
  });

  test('code is told from comments, strings, templates and regular expressions', () => {
    const text = "a(/['\"`]/.test('// b')); /* c */ d(`e \x24{f({ g: '}' })} h`); i = j / k; // l";
    expect(codeOf(text)).toBe("a(/ /.test('')); " + " d(`\x24{f({ g: '' })}`); i = j / k; ");
  });
});
