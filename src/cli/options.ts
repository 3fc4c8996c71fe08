/** Options that several commands have, and how their values are read. */
import { isAbsolute, resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { limits } from '../protocol/index.ts';

/** Reads a whole number from `min` to `max`. */
export const integer =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
    return value;
  };

/** Reads a port. */
export const port = integer(1, 65_535);

const folder = (path: string): string => (isAbsolute(path) ? path : resolve(path));

export const dataOption = (): Option =>
  new Option('--data <folder>', 'where the messages and everything else are kept')
    .default(resolve('data'), './data')
    .argParser(folder);

export const hostOption = (): Option =>
  new Option('--host <address>', 'the address to listen on; 127.0.0.1 keeps other devices out').default('0.0.0.0');

export const snapshotOption = (): Option =>
  new Option('--snapshot-every <entries>', 'write the chat down whole, and trim the log, after this many entries')
    .default(limits.snapshotEveryEntries)
    .argParser(integer(10, 100_000_000));

export const workspaceOption = (): Option => new Option('--workspace <name>', 'what the place is called');

export const chaosOption = (): Option =>
  new Option('--no-chaos', 'refuse whatever breaks something on purpose: the controls of the cluster page');

export const jsonOption = (what: string): Option =>
  new Option('--json', `print ${what} as one line of JSON, and nothing else`);
