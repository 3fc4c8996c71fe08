/** The project's own files, as the house tests read them, and a source text without its comments and strings. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is made here rather than written: git's own (a file in a work tree beside another), and what git ignores. */
const made = {
  names: new Set(['node_modules', 'dist', 'data', 'coverage', '.git', '.vite']),
  endings: /\.(tgz|log)$/,
};

/** A file of the project; its path goes from the project's folder and has forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** All files under `folder` that a person wrote and whose path `matches`, sorted by path. */
export const filesUnder = (folder: string, matches: (path: string) => boolean): SourceFile[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !made.names.has(entry.name) && (entry.isDirectory() || !made.endings.test(entry.name)))
    .flatMap((entry): SourceFile[] => {
      const path = relative(root, join(root, folder, entry.name))
        .split(sep)
        .join('/');
      if (entry.isDirectory()) return filesUnder(path, matches);
      return entry.isFile() && matches(path) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));

/** Whether a path is a TypeScript file. */
export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path);
/** Whether a path is a test's. */
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

/** One comment, string, piece of a template, or regular expression, at the place where the pattern is tried. */
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const quoted = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const templatePart = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
const regex = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** What the code before a slash ends with when the slash begins a regular expression and does not divide. */
const beforeRegex = /(?:^|[(,=:[!&|?{};\n>+]|\breturn|\btypeof|\bcase)\s*$/;

/** `text` with comments, strings and regular expressions emptied; what is inside `${…}` is code and stays. */
export const codeOf = (text: string): string => {
  let code = '';
  let at = 0;
  const templates: number[] = [];
  let depth = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found !== null;
  };
  const takeTemplate = (): void => {
    take(templatePart);
    if (text.startsWith('${', at)) {
      templates.push(depth);
      code += '${';
      at += 2;
    } else {
      code += '`';
      at++;
    }
  };
  while (at < text.length) {
    const char = text[at]!;
    if (char === '/' && take(comment)) continue;
    if ((char === "'" || char === '"') && take(quoted)) {
      code += "''";
    } else if (char === '/' && beforeRegex.test(code.slice(-40)) && take(regex)) {
      code += '/ /';
    } else if (char === '`') {
      code += '`';
      at++;
      takeTemplate();
    } else if (char === '}' && templates.at(-1) === depth) {
      templates.pop();
      code += '}';
      at++;
      takeTemplate();
    } else {
      if (char === '{') depth++;
      if (char === '}') depth--;
      code += char;
      at++;
    }
  }
  return code;
};
