/** What the scripts share: where the project is, and how they run its tools on the Node they run on themselves. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The script behind the command `tool` of the npm package of the same name, or of `packageName`. */
const entryOf = (tool: string, packageName: string): string => {
  const home = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const entry = typeof bin === 'string' ? bin : bin[tool];
  if (entry === undefined) throw new Error(`The package ${packageName} has no command ${tool}.`);
  return join(home, entry);
};

/** The environment for tools: the project's own commands, the pinned Node among them, come first on the path. */
export const toolEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
});

const packageOf: Readonly<Record<string, string>> = { biome: '@biomejs/biome', tsc: 'typescript' };

/**
 * Runs one of the project's tools in the project's folder, its output going where ours goes.
 * @returns its exit code; 1 when a signal ended it
 */
export const runTool = (tool: string, args: readonly string[]): number =>
  runScript(entryOf(tool, packageOf[tool] ?? tool), args);

/** Like `runTool`, for a script named by its path (absolute, or from the project's folder). */
export const runScript = (script: string, args: readonly string[] = []): number => {
  const { status, error } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: toolEnv(),
  });
  if (error !== undefined) process.stderr.write(`${script}: ${error.message}\n`);
  return status ?? 1;
};

/**
 * Like `runTool`, with a limit on the time it takes, after which the tool and all it started are killed.
 * @returns its exit code; null when it was killed or ended by a signal
 */
export const runToolFor = (limitMs: number, tool: string, args: readonly string[]): Promise<number | null> =>
  new Promise((resolve) => {
    const entry = entryOf(tool, packageOf[tool] ?? tool);
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: toolEnv(),
      detached: true,
    });
    const killAll = (signal: NodeJS.Signals): void => {
      try {
        process.kill(-child.pid!, signal);
      } catch {
        // It has ended meanwhile.
      }
    };
    const interrupted = (signal: NodeJS.Signals): void => killAll(signal);
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', interrupted);
    const limit = setTimeout(() => {
      process.stderr.write(`${tool} ${args.join(' ')} took longer than ${limitMs / 1000} s and was killed.\n`);
      killAll('SIGKILL');
    }, limitMs);
    child.on('close', (code) => {
      clearTimeout(limit);
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      resolve(code);
    });
    child.on('error', (error) => process.stderr.write(`${tool}: ${error.message}\n`));
  });
