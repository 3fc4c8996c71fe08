/**
 * Where a server's own log goes: lines of JSON in a file of bounded size, of which one old one is kept; errors also to the
 * standard error. A log that cannot be written never stops the server.
 */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Logger, pino, stdSerializers } from 'pino';

/** The file is moved to `server.log.1` when it is larger than this. */
const maxBytes = 16 * 1024 * 1024;
const errorLevel = 50;

/** A file that lines are added to, and that is moved aside when it has grown to `limitBytes`. */
export const newRotatingFile = (path: string, limitBytes: number): { write(line: string): void; close(): void } => {
  let file: number | null = null;
  let bytes = 0;
  const open = (): number => {
    mkdirSync(dirname(path), { recursive: true });
    const opened = openSync(path, 'a');
    bytes = fstatSync(opened).size;
    return opened;
  };
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    write: (line) => {
      try {
        file ??= open();
        bytes += writeSync(file, line);
        if (bytes < limitBytes) return;
        close();
        renameSync(path, `${path}.1`);
      } catch {
        close();
      }
    },
    close,
  };
};

/** The logger of server `name`, writing to the file at `path`. */
export const newServerLogger = (name: string, path: string): Logger => {
  const file = newRotatingFile(path, maxBytes);
  const write = (line: string): void => {
    file.write(line);
    const { level, msg } = JSON.parse(line) as { readonly level: number; readonly msg?: string };
    if (level >= errorLevel) process.stderr.write(`${name}: ${msg ?? line}\n`);
  };
  return pino(
    { base: { server: name }, serializers: { err: stdSerializers.err, error: stdSerializers.err } },
    { write },
  );
};
