/**
 * The data folder, as far as the cluster around the servers is concerned: is it ours, of this format, and writable; the
 * machine key; the files in which running processes say who they are. It never touches `lock.db`, which belongs to the
 * engine: even opening it would drop the primary's lock.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskRefusal, diskTrouble } from './disk-trouble.ts';
import { createFile, readJson, removeFile, removeStaleFile, replaceFile } from './files.ts';
import { isRunning, ownMark, type ProcessMark } from './process-identity.ts';
import { Refusal, systemCode } from './refusal.ts';

/** Grows when a new version could not be read by an older one. */
const format = 1;

/** What `<data>/estafet.json` says. */
export interface DataFolder {
  readonly format: number;
  /** When the cluster was made: ISO 8601, UTC. */
  readonly createdAt: string;
  /** The version of Estafet that made it. */
  readonly createdBy: string;
}

/** What a running server says in `<data>/<name>/server.json`. */
export interface ServerFile extends ProcessMark {
  readonly name: string;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly port: number;
  readonly front: number | null;
  readonly url: string;
  readonly version: string;
}

/** Also what a process that was killed in the middle of writing one of our files leaves behind. */
const ours =
  /^(\..*|lost\+found|lock\.db.*|(machine\.key|(estafet|supervisor|primary)\.json)(\.\d+\.(new|old))?|aside|s\d+)$/;

/** Makes a folder and those above it. (Node's own `recursive` never ends in /proc, and hides a read-only disk.) */
const makeFolder = (path: string): void => {
  try {
    mkdirSync(path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST' && statSync(path).isDirectory()) return;
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
};

const cannotUse = (data: string, error: unknown): Refusal => {
  switch (systemCode(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new Refusal(
        'cannotCreate',
        `The data folder ${data} cannot be made: there is a file of that name in the way.`,
      );
    case 'EROFS':
      return new Refusal(
        'cannotCreate',
        `The data folder ${data} is on a disk that is mounted read-only. Choose another with --data.`,
      );
    case 'EACCES':
    case 'EPERM':
      return new Refusal('noPermission', `You may not write to the data folder ${data}. Choose another with --data.`);
    default:
      return (
        diskRefusal(data, error) ??
        new Refusal(
          'cannotCreate',
          `The data folder ${data} cannot be used: ${error instanceof Error ? error.message : error}`,
        )
      );
  }
};

/**
 * Makes sure that `data` is a folder of this version of Estafet that can be written to, making it if need be.
 * @throws Refusal when it is not
 */
export const openDataFolder = (data: string, version: string): DataFolder => {
  const path = join(data, 'estafet.json');
  try {
    makeFolder(data);
    const strange = readdirSync(data).find((name) => !ours.test(name));
    if (strange !== undefined && readJson(path) === undefined) {
      throw new Refusal(
        'data',
        `${data} has files that are not Estafet’s (${strange}). Choose an empty or a new folder with --data.`,
      );
    }
    const fresh: DataFolder = { format, createdAt: new Date().toISOString(), createdBy: version };
    createFile(path, `${JSON.stringify(fresh)}\n`);
    accessSync(data, constants.W_OK);
  } catch (error) {
    throw error instanceof Refusal ? error : cannotUse(data, error);
  }
  const found = readJson(path) as Partial<DataFolder> | undefined;
  if (typeof found?.format !== 'number') {
    throw new Refusal(
      'data',
      `${path} is damaged: it should say which format the data has. Restore it, or choose another folder with --data.`,
    );
  }
  if (found.format !== format) {
    throw new Refusal(
      'data',
      `The data in ${data} has format ${found.format}, made by Estafet ${found.createdBy ?? 'of another version'}; this is Estafet ${version}, which knows format ${format}. Use that version, or another folder with --data.`,
    );
  }
  return found as DataFolder;
};

/** The machine key, made if need be. Who can read it may issue tokens, so only its owner can. */
export const ensureMachineKey = (data: string): string => {
  const path = join(data, 'machine.key');
  try {
    createFile(path, `${randomBytes(32).toString('hex')}\n`, 0o600);
  } catch (error) {
    throw cannotUse(data, error);
  }
  return readMachineKey(data);
};

/**
 * The machine key of a data folder that has one.
 * @throws Refusal when it has none, or it cannot be read
 */
export const readMachineKey = (data: string): string => {
  const path = join(data, 'machine.key');
  let key: string;
  try {
    key = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      throw new Refusal('unavailable', `There is no cluster in ${data}: start one with "estafet up --data ${data}".`);
    }
    throw new Refusal('noPermission', `${path} cannot be read: only the user that runs the cluster may issue tokens.`);
  }
  if (!/^[0-9a-f]{64}$/.test(key))
    throw new Refusal(
      'data',
      `${path} is damaged: it should hold 64 hexadecimal digits. Remove it and restart the servers.`,
    );
  return key;
};

const serverPath = (data: string, name: string): string => join(data, name, 'server.json');

const serverFile = (data: string, name: string): ServerFile | null => {
  const found = readJson(serverPath(data, name)) as Partial<ServerFile> | undefined;
  return found?.name === name && typeof found.pid === 'number' && typeof found.identity === 'string'
    ? (found as ServerFile)
    : null;
};

/**
 * Writes down that this process is the server `server.name`.
 * @throws Refusal when the server's own folder cannot be written to
 */
export const announceServer = (data: string, server: Omit<ServerFile, keyof ProcessMark>): void => {
  const folder = join(data, server.name);
  try {
    mkdirSync(folder, { recursive: true });
    replaceFile(serverPath(data, server.name), `${JSON.stringify({ ...server, ...ownMark() })}\n`);
  } catch (error) {
    throw diskRefusal(folder, error) ?? error;
  }
};

/** Takes back what `announceServer` wrote. On a disk that does not allow it the file stays, and names a dead process. */
export const withdrawServer = (data: string, name: string): void => {
  if (serverFile(data, name)?.pid !== process.pid) return;
  try {
    removeFile(serverPath(data, name));
  } catch (error) {
    if (diskTrouble(error) === null) throw error;
  }
};

/** The server of this name that runs on this data folder now, or null. */
export const runningServer = (data: string, name: string): ServerFile | null => {
  const file = serverFile(data, name);
  return file !== null && isRunning(file) ? file : null;
};

/** All servers that run on this data folder now, by name. */
export const runningServers = (data: string): ServerFile[] => {
  let names: string[];
  try {
    names = readdirSync(data).filter((name) => /^s\d+$/.test(name));
  } catch {
    return [];
  }
  return names
    .flatMap((name) => runningServer(data, name) ?? [])
    .sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)));
};

/** What a supervisor says in `supervisor.json`. */
export interface SupervisorFile extends ProcessMark {
  /** The port of this machine's loopback at which it takes orders; absent while it cannot yet. */
  readonly door?: number;
}

const supervisorPath = (data: string): string => join(data, 'supervisor.json');

const supervisorIn = (content: unknown): SupervisorFile | null => {
  const { pid, identity, door } = (content ?? {}) as Partial<SupervisorFile>;
  if (typeof pid !== 'number' || typeof identity !== 'string' || !isRunning({ pid, identity })) return null;
  return { pid, identity, ...(typeof door === 'number' ? { door } : {}) };
};

/** The supervisor that runs on this data folder now, or null. */
export const runningSupervisor = (data: string): SupervisorFile | null => supervisorIn(readJson(supervisorPath(data)));

/**
 * Makes this process the supervisor of the data folder.
 * @throws Refusal when another one is
 */
export const claimSupervision = (data: string): void => {
  const mark = `${JSON.stringify(ownMark())}\n`;
  const claim = (): boolean => {
    try {
      return createFile(supervisorPath(data), mark);
    } catch (error) {
      throw cannotUse(data, error);
    }
  };
  while (!claim()) {
    const other = runningSupervisor(data);
    if (other !== null) {
      throw new Refusal(
        'unavailable',
        `A cluster already runs on ${data}, under process ${other.pid}. Stop it with "estafet down --data ${data}", or choose another folder with --data.`,
      );
    }
    removeStaleFile(supervisorPath(data), (content) => supervisorIn(content) === null);
  }
};

/** Writes down at which port of the loopback the supervisor of the data folder, which is this process, takes orders. */
export const announceDoor = (data: string, door: number): void =>
  replaceFile(supervisorPath(data), `${JSON.stringify({ ...ownMark(), door } satisfies SupervisorFile)}\n`);

/** Gives up what `claimSupervision` took. */
export const releaseSupervision = (data: string): void => {
  if (runningSupervisor(data)?.pid === process.pid) removeFile(supervisorPath(data));
};
