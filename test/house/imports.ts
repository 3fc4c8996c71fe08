/**
 * Reads the imports of TypeScript sources and says which break the order of the house. It trusts the formatter for the
 * shape of an import: it begins its line, and its address is in single quotes.
 */
import { posix } from 'node:path';
import type { SourceFile } from './source.ts';

/** Room → the rooms it may import. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  cli: ['web', 'cluster', 'server', 'lab', 'files', 'chat', 'log', 'client', 'protocol'],
  web: ['client', 'lab', 'protocol'],
  cluster: ['server', 'client', 'protocol'],
  server: ['chat', 'log', 'files', 'lab', 'protocol'],
  lab: ['protocol'],
  files: ['log', 'protocol'],
  chat: ['protocol'],
  log: ['protocol'],
  client: ['protocol'],
  protocol: [],
};

/** The files by which other rooms reach a room; `index.ts` is every room's. */
const doors: Readonly<Record<string, readonly string[]>> = {
  protocol: ['index.ts', 'schemas.ts'],
  chat: ['index.ts', 'crash-check/index.ts', 'search/index.ts'],
  log: ['index.ts', 'embedded/index.ts', 'embedded/simulator/index.ts', 'memory/index.ts'],
  cluster: ['index.ts', 'supervisor/index.ts', 'chaos/index.ts', 'audit/index.ts'],
};

/** `typeOnly` imports are gone when the program runs. */
export interface Import {
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const forms: readonly RegExp[] = [
  /^(?:import|export)\b(?<clause>[^;'"]*?)\bfrom\s+'(?<target>[^']+)'/gm,
  /^import\s+'(?<target>[^']+)'/gm,
  /\bimport\(\s*'(?<target>[^']+)'\s*,?\s*\)/g,
];

/** The imports of one file. A relative target is resolved to a path like the file's own; a package's name is kept. */
export const importsOf = (file: SourceFile): Import[] =>
  forms.flatMap((form) =>
    [...file.text.matchAll(form)].map(({ groups }) => {
      const target = groups!.target!;
      return {
        from: file.path,
        target: target.startsWith('.') ? posix.join(posix.dirname(file.path), target) : target,
        typeOnly: /^\s+type\s+[{*]/.test(groups!.clause ?? ''),
      };
    }),
  );

const roomOf = (path: string): string | null => /^src\/([^/]+)\//.exec(path)?.[1] ?? null;

/** The imports between rooms that go up, sideways, or past a door, a sentence each. */
export const breaches = (imports: readonly Import[]): string[] =>
  imports.flatMap(({ from, target }) => {
    const [room, other] = [roomOf(from), roomOf(target)];
    if (room === null || room === other) return [];
    if (other === null)
      return target.includes('/') && /^(src|test|scripts|bin)\b/.test(target)
        ? [`${from} leaves src for ${target}`]
        : [];
    if (!mayImport[room]?.includes(other)) return [`${from}: ${room} may not import ${other} (${target})`];
    const door = target.slice(`src/${other}/`.length);
    return (doors[other] ?? ['index.ts']).includes(door) ? [] : [`${from} goes past the door of ${other}: ${target}`];
  });

/** One cycle of files, as the paths along it, or null when there is none. */
export const cycleIn = (imports: readonly Import[]): string[] | null => {
  const targets = Map.groupBy(imports, (one) => one.from);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    path.push(file);
    for (const { target } of targets.get(file) ?? []) {
      const cycle = visit(target);
      if (cycle !== null) return cycle;
    }
    path.pop();
    done.add(file);
    return null;
  };
  for (const file of targets.keys()) {
    const cycle = visit(file);
    if (cycle !== null) return cycle;
  }
  return null;
};

/** What `entry` draws in when it runs that is not the project's own file: packages and Node's modules, with who asks. */
export const packagesDrawnInBy = (entry: string, imports: readonly Import[]): string[] => {
  const targets = Map.groupBy(
    imports.filter((one) => !one.typeOnly),
    (one) => one.from,
  );
  const seen = new Set([entry]);
  const drawn: string[] = [];
  for (const file of seen) {
    for (const { target } of targets.get(file) ?? []) {
      if (target.startsWith('src/')) seen.add(target);
      else drawn.push(`${target} (by ${file})`);
    }
  }
  return drawn;
};
