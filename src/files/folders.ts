/** Where the servers of one data folder have the pieces of files. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of pieces of the server of this name. */
export const piecesFolderOf = (data: string, name: string): string => join(data, name, 'files');

/** The folders of the other servers' pieces; that of `first`, when it is named, before the rest. Dead ones are among them. */
export const piecesBeside = (data: string, name: string, first?: string): readonly string[] =>
  readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== name)
    .map((entry) => entry.name)
    .sort((a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1))
    .map((other) => piecesFolderOf(data, other))
    .filter((folder) => existsSync(folder));
