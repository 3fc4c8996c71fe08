import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { breaches, cycleIn, type Import, importsOf, mayImport, packagesDrawnInBy } from './imports.ts';
import { filesUnder, isTest, isTypeScript, root } from './source.ts';

const sources = filesUnder('src', isTypeScript);
const all = sources.flatMap(importsOf);
const ofProgram = all.filter(({ from }) => !isTest(from));

describe('the house', () => {
  test('every room of src is known to this test', () => {
    const rooms = new Set(sources.map(({ path }) => path.split('/')[1]!));
    expect([...rooms].filter((room) => !(room in mayImport))).toEqual([]);
  });

  test('imports between rooms go down, and through the doors', () => {
    expect(breaches(ofProgram)).toEqual([]);
  });

  test('no file imports itself, by whatever way round', () => {
    expect(cycleIn(all)).toBeNull();
  });

  test('every relative import leads to a file', () => {
    const lost = all.filter(({ target }) => target.startsWith('src/') && !existsSync(join(root, target)));
    expect(lost).toEqual([]);
  });

  test('the SDK draws in no package and nothing of Node', () => {
    expect(packagesDrawnInBy('src/client/index.ts', all)).toEqual([]);
  });
});

describe('the checker of imports', () => {
  const read = (path: string, text: string): Import[] => importsOf({ path, text });

  test('sees every form of import', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from '../b.ts';",
      'import {',
      '  c,',
      "} from './c.ts';",
      "import './d.ts';",
      "export * from './e.ts';",
      "export type { F } from './f.ts';",
      "const g = await import('./g.ts');",
      "import * as ws from 'ws';",
      " * import { h } from './only-in-a-comment.ts';",
      "export const from = ['./not-an-import.ts'];",
    ].join('\n');
    const found = read('src/chat/x.ts', text);
    expect(found.map(({ target }) => target).sort()).toEqual([
      'src/b.ts',
      'src/chat/a.ts',
      'src/chat/c.ts',
      'src/chat/d.ts',
      'src/chat/e.ts',
      'src/chat/f.ts',
      'src/chat/g.ts',
      'ws',
    ]);
    expect(found.filter(({ typeOnly }) => typeOnly).map(({ target }) => target)).toEqual(['src/b.ts', 'src/chat/f.ts']);
  });

  test.each([
    ['up', 'src/chat/a.ts', "import { b } from '../server/index.ts';"],
    ['sideways', 'src/log/a.ts', "import { b } from '../chat/index.ts';"],
    ['past a door', 'src/server/a.ts', "import { b } from '../chat/tables.ts';"],
    ['past a door, only for a type', 'src/server/a.ts', "import type { B } from '../chat/tables.ts';"],
    ['past a door, later', 'src/cli/a.ts', "const b = await import('../server/b.ts');"],
    ['out of src', 'src/server/a.ts', "import { b } from '../../test/support/b.ts';"],
    ['into an unknown room', 'src/server/a.ts', "import { b } from '../attic/index.ts';"],
  ])('refuses an import that goes %s', (_, path, text) => {
    expect(breaches(read(path, text))).toHaveLength(1);
  });

  test.each([
    ['src/server/a.ts', "import { b } from '../chat/index.ts';"],
    ['src/server/a.ts', "import { views } from '../protocol/schemas.ts';"],
    ['src/server/a.ts', "import { b } from './deeper/b.ts';"],
    ['src/cli/a.ts', "import { openEmbeddedLog } from '../log/embedded/index.ts';"],
    ['src/server/a.ts', "import Fastify from 'fastify';"],
  ])('lets %s say %s', (path, text) => {
    expect(breaches(read(path, text))).toEqual([]);
  });

  test('finds a cycle through three files', () => {
    const imports = [
      ...read('src/chat/a.ts', "import { b } from './b.ts';"),
      ...read('src/chat/b.ts', "import { c } from './c.ts';\nimport { d } from './d.ts';"),
      ...read('src/chat/d.ts', "import type { A } from './a.ts';"),
    ];
    expect(cycleIn(imports)).toEqual(['src/chat/a.ts', 'src/chat/b.ts', 'src/chat/d.ts', 'src/chat/a.ts']);
  });

  test('finds a package behind a file that the SDK imports, and passes types over', () => {
    const imports = [
      ...read('src/client/index.ts', "import { a } from '../protocol/index.ts';\nimport type { T } from 'typebox';"),
      ...read('src/protocol/index.ts', "export { Type } from './types.ts';"),
      ...read('src/protocol/types.ts', "import { Type } from 'typebox';"),
    ];
    expect(packagesDrawnInBy('src/client/index.ts', imports)).toEqual(['typebox (by src/protocol/types.ts)']);
  });
});
