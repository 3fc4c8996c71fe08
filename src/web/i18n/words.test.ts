/** Holds the three languages complete, in use, and the only place where visible words stand. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ESTree, parseSync, Visitor } from 'vite';
import { describe, expect, test } from 'vitest';
import { errors } from '../../protocol/index.ts';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const languages = ['en', 'id', 'pt'] as const;

type Words = { readonly [key: string]: string | Words };

const flatten = (words: Words, prefix = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );

/** The folders of `src/web` that have words of their own: each is a namespace, loaded with it. */
const parts = globSync('*/words/en.json', { cwd: web }).map((file) => dirname(dirname(file)));
const common = 'translation';

/** Every key as the code would have to name it from anywhere: `namespace:key`. */
const wordsOf = (language: string): ReadonlyMap<string, string> => {
  const read = (part: string, folder: string): [string, string][] =>
    flatten(JSON.parse(readFileSync(join(web, folder, `${language}.json`), 'utf8')) as Words, `${part}:`);
  return new Map([...read(common, 'i18n'), ...parts.flatMap((part) => read(part, `${part}/words`))]);
};

const plural = /_(?:zero|one|two|few|many|other)$/;
const base = (key: string): string => key.replace(plural, '');
const english = wordsOf('en');
/** Keys that are counted: in any language they need each of its plural forms. */
const counted = new Set([...english.keys()].filter((key) => plural.test(key)).map(base));
const bases = new Set([...english.keys()].map(base));

const expectedKeys = (language: string): string[] => {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return [...bases].flatMap((key) => (counted.has(key) ? forms.map((form) => `${key}_${form}`) : [key]));
};

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}|<\/?(\w+)>/g)].map((m) => m[0]).sort();

interface Source {
  readonly file: string;
  readonly program: ESTree.Program;
  readonly code: string;
}
const sources: readonly Source[] = globSync('**/*.{ts,tsx}', { cwd: web })
  .filter((file) => !/\.test\.tsx?$|\.d\.ts$/.test(file))
  .map((file) => {
    const code = readFileSync(join(web, file), 'utf8');
    return { file, code, program: parseSync(file, code).program };
  });

/** What the code asks for: whole keys, and the beginnings of keys that are put together. */
const used = (() => {
  const keys = new Set<string>();
  const starts = new Set<string>();
  for (const { file, program } of sources) {
    const folder = dirname(file).split(/[\\/]/)[0]!;
    const part = parts.includes(folder) ? folder : common;
    const whole = (key: string): string => (key.includes(':') ? key : `${part}:${key}`);
    const look = (node: ESTree.Node | null | undefined): void => {
      if (node?.type === 'Literal' && typeof node.value === 'string') keys.add(whole(node.value));
      const start = node?.type === 'TemplateLiteral' ? node.quasis[0]?.value.raw : null;
      if (start) starts.add(whole(start));
      if (node?.type === 'ConditionalExpression') {
        look(node.consequent);
        look(node.alternate);
      }
    };
    new Visitor({
      CallExpression: (call) => {
        if (call.callee.type === 'Identifier' && call.callee.name === 't') look(call.arguments[0]);
      },
      JSXAttribute: (attribute) => {
        if (attribute.name.type === 'JSXIdentifier' && attribute.name.name === 'i18nKey') look(attribute.value);
      },
    }).visit(program);
  }
  return { keys, starts: [...starts] };
})();

/** Attributes that people see or hear. */
const spoken = new Set(['aria-label', 'title', 'placeholder', 'label', 'alt', 'text', 'about']);
const letters = /\p{L}{2}/u;

const hardCoded = ({ file, program }: Source): string[] => {
  const found: string[] = [];
  new Visitor({
    JSXText: (node) => {
      if (letters.test(node.value)) found.push(`${file}: ${node.value.trim()}`);
    },
    JSXAttribute: ({ name, value }) => {
      const isSpoken = name.type === 'JSXIdentifier' && spoken.has(name.name);
      if (isSpoken && value?.type === 'Literal' && letters.test(String(value.value))) {
        found.push(`${file}: ${String(value.value)}`);
      }
    },
  }).visit(program);
  return found;
};

describe('the words of the page', () => {
  test.each(languages)('are complete in %s, with each of its plural forms, and nothing besides', (language) => {
    expect([...wordsOf(language).keys()].sort()).toEqual(expectedKeys(language).sort());
  });

  test.each(languages)('name the same values in %s as in English', (language) => {
    const words = wordsOf(language);
    for (const [key, text] of words) {
      const same = english.get(key) ?? english.get(`${base(key)}_other`) ?? '';
      expect([key, ...placeholders(text)]).toEqual([key, ...placeholders(same)]);
    }
  });

  test('are none of them empty, and none left in English by mistake', () => {
    const alike = new Set([
      'translation:common.estafet',
      'translation:emoji.open',
      'translation:emoji.title',
      'translation:roles.admin',
      'translation:roles.bot',
      'translation:shell.cluster',
      'translation:shell.lab',
      'cluster:page.title',
      'cluster:actionsSlow.ms',
      'cluster:table.server',
      'lab:methods.direct',
      'lab:methods.pubsub',
    ]);
    for (const language of ['id', 'pt']) {
      for (const [key, text] of wordsOf(language)) {
        expect(text.trim(), key).not.toBe('');
        const sentence = text.replace(/\{\{\w+\}\}/g, '');
        if (!alike.has(base(key)) && letters.test(sentence)) expect([key, text]).not.toEqual([key, english.get(key)]);
      }
    }
  });

  test('are all used, and what is used is there', () => {
    expect(used.keys.size).toBeGreaterThan(50);
    const unused = [...bases].filter(
      (key) => !used.keys.has(key) && !used.starts.some((start) => key.startsWith(start)),
    );
    expect(unused).toEqual([]);
    expect([...used.keys].filter((key) => !bases.has(key))).toEqual([]);
  });

  test('have a sentence for every error code', () => {
    const told = `${common}:errors.`;
    const codes = [...bases].filter((key) => key.startsWith(told)).map((key) => key.slice(told.length));
    expect(codes.sort()).toEqual(Object.keys(errors).sort());
  });

  test('stand nowhere else: no visible text in the code', () => {
    expect(sources.flatMap(hardCoded)).toEqual([]);
  });

  test('the search for visible text finds it where it is', () => {
    const code = 'const A = () => <p title="Hello there">Some words</p>;';
    const planted = { file: 'a.tsx', code, program: parseSync('a.tsx', code).program };
    expect(hardCoded(planted)).toEqual(['a.tsx: Hello there', 'a.tsx: Some words']);
  });
});
