/** What a linter cannot say about a file: each rule takes a file and gives the sentences about what breaks it. */
import { codeOf, isTest, isTypeScript, type SourceFile } from './source.ts';

export type Rule = (file: SourceFile) => string[];

/** Where time, randomness and the process come in as arguments only. */
const pureRooms = /^src\/(chat|lab|log\/embedded\/replica)\//;
const impure =
  /\bDate\.now\b|\bnew Date\b|\bDate\(|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|(?<![.\w])process\b|\bperformance\.now\b|\brandom(?:UUID|Bytes|Int)\b|\bgetRandomValues\b/;

/** One sentence for each line of `text` that `pattern` is found in. */
const linesWith = (path: string, text: string, pattern: RegExp, what: string): string[] =>
  text.split('\n').flatMap((line, at) => {
    const found = pattern.exec(line);
    return found === null ? [] : [`${path}:${at + 1} ${what}: ${found[0]}`];
  });

const pure: Rule = ({ path, text }) =>
  pureRooms.test(path) && isTypeScript(path) && !isTest(path)
    ? linesWith(path, codeOf(text), impure, 'takes from the outside what must be an argument')
    : [];

const typed: Rule = ({ path, text }) =>
  isTypeScript(path)
    ? [
        ...linesWith(path, codeOf(text), /\bas any\b|:\s*any\b|<any>|\bany\[\]/, 'gives up its types'),
        ...linesWith(path, text, new RegExp(`@ts-${'(?:ignore|nocheck)'}|${'biome'}-ignore`), 'silences a tool'),
      ]
    : [];

const named: Rule = ({ path }) =>
  /\.(tsx?|css|mjs|js|sh)$/.test(path) && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/.test(path.split('/').at(-1)!)
    ? [`${path}: a file's name is in kebab-case`]
    : [];

const introduced: Rule = ({ path, text }) =>
  path.startsWith('src/') &&
  isTypeScript(path) &&
  !isTest(path) &&
  text.split('\n').length > 61 &&
  !/^(#!.*\n)?\/[/*]/.test(text)
    ? [`${path}: a file this long begins by saying what it is responsible for`]
    : [];

const short: Rule = ({ path, text }) => {
  const lines = text.split('\n').length - 1;
  return /\.(tsx?|css|js)$/.test(path) && lines > 400 ? [`${path}: ${lines} lines, and 400 is the most`] : [];
};

const finished: Rule = ({ path, text }) =>
  linesWith(path, text, new RegExp(`\\b(?:${'TO'}DO|${'FIX'}ME|${'XX'}X)\\b`), 'is left to do');

const portable: Rule = ({ path, text }) =>
  path === 'package-lock.json'
    ? linesWith(path, text, /"resolved": "(?!file:)[^"]*"/, 'names a registry')
    : linesWith(
        path,
        text,
        new RegExp(`(?<![\\w.])/(?:work|Users|home)/\\w+|\\.\\./${'shared'}`),
        'names a place on one machine',
      );

const whole: Rule = ({ path, text }) =>
  isTest(path)
    ? linesWith(
        path,
        codeOf(text),
        /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|only|todo|skipIf|runIf|fails)\b/,
        'is not run like the others',
      )
    : [];

/** Rule by name. */
export const rules = { pure, typed, named, introduced, short, finished, portable, whole } as const;
