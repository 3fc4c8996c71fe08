/** Programs that the tests need and that npm does not bring: found on the path, or installed from Debian by root. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that give tests failing disks, and the Debian package that has each. */
export const diskTools = {
  strace: 'strace',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
} as const;

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const apt = (args: readonly string[]): boolean =>
  spawnSync('apt-get', [...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/**
 * Makes sure that programs are there.
 * @param packageOf program → the Debian package that has it
 * @returns null when all are there, or a sentence saying what to install
 */
export const ensureDebianTools = (packageOf: Readonly<Record<string, string>>): string | null => {
  const missing = (): string[] => Object.keys(packageOf).filter((program) => !isOnPath(program));
  const packages = missing().map((program) => packageOf[program]!);
  if (packages.length > 0 && process.getuid?.() === 0 && isOnPath('apt-get')) {
    apt(['update']);
    apt(['install', '--yes', '--no-install-recommends', ...packages]);
  }
  const still = missing();
  if (still.length === 0) return null;
  const names = still.map((program) => packageOf[program]!).join(' ');
  return `The tests need ${still.join(', ')}, which is not on the path. On Debian or Ubuntu: sudo apt-get install ${names}`;
};
