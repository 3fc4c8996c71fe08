/**
 * The little of IndexedDB that the SDK needs, as promises. Typed by hand, since the SDK compiles with and without the
 * DOM's types. Whatever goes wrong is an `EstafetError`: `storage-full`, or `storage-refused` for all the rest (a private
 * window, a browser that forbids it, a database that does not open in time).
 */
import { EstafetError, limits } from '../protocol/index.ts';

interface Request<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: ((event: { preventDefault(): void; stopPropagation(): void }) => void) | null;
}

interface OpenRequest extends Request<Database> {
  onupgradeneeded: (() => void) | null;
}

/** An object store inside a transaction. */
export interface Store {
  add(value: unknown): Request<number>;
  put(value: unknown): Request<number>;
  delete(key: number): Request<undefined>;
  getAll(): Request<readonly unknown[]>;
  index(name: string): { getKey(key: string): Request<number | undefined> };
  createIndex(name: string, path: string, options: { readonly unique: boolean }): unknown;
}

interface Transaction {
  readonly error: unknown;
  objectStore(name: string): Store;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
}

export interface Database {
  createObjectStore(name: string, options: { readonly keyPath: string; readonly autoIncrement: boolean }): Store;
  transaction(
    store: string,
    mode: 'readonly' | 'readwrite',
    options?: { readonly durability: 'strict' | 'relaxed' },
  ): Transaction;
  close(): void;
  onversionchange: (() => void) | null;
  onclose: (() => void) | null;
}

const factory = (globalThis as { readonly indexedDB?: { open(name: string, version: number): OpenRequest } }).indexedDB;

const isFull = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'QuotaExceededError';

/** What to tell the program instead of the browser's own error. */
export const storageError = (cause: unknown): EstafetError =>
  cause instanceof EstafetError
    ? cause
    : new EstafetError(isFull(cause) ? 'storage-full' : 'storage-refused', undefined, { cause });

const asked = (name: string): OpenRequest | EstafetError => {
  try {
    return factory?.open(name, 1) ?? storageError(null);
  } catch (error) {
    return storageError(error);
  }
};

/** Opens a database, made by `make` when it is new. Rejects when the browser will not, or does not answer in time. */
export const openDatabase = (name: string, make: (database: Database) => void): Promise<Database> =>
  new Promise((resolve, reject) => {
    let late = false;
    const request = asked(name);
    if (request instanceof EstafetError) return reject(request);
    const timer = setTimeout(() => {
      late = true;
      reject(storageError(null));
    }, limits.clientStorageDeadlineMs);
    request.onupgradeneeded = () => make(request.result);
    request.onsuccess = () => {
      clearTimeout(timer);
      if (late) return request.result.close();
      // Somebody deletes the database, or a later version wants it: it must not wait for this page.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      reject(storageError(request.error));
    };
  });

/** The result of one request. A request that fails ends its transaction. */
export const resultOf = <T>(request: Request<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      // Otherwise the browser prints it, and tells `window`; whoever asked is told by the rejection.
      event.preventDefault();
      event.stopPropagation();
      reject(storageError(request.error));
    };
  });

/**
 * Runs `work` in one transaction of one store; resolves with what it gives when the transaction is durable. `strict` waits
 * for the disk itself, `relaxed` for the operating system.
 */
export const inTransaction = <T>(
  database: Database,
  store: string,
  how: 'readonly' | 'strict' | 'relaxed',
  work: (store: Store) => Promise<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const transaction =
      how === 'readonly'
        ? database.transaction(store, 'readonly')
        : database.transaction(store, 'readwrite', { durability: how });
    let value: T;
    let failure: unknown;
    const ended = new Promise<boolean>((tell) => {
      transaction.oncomplete = () => tell(true);
      transaction.onabort = () => tell(false);
    });
    const worked = work(transaction.objectStore(store)).then(
      (given) => {
        value = given;
      },
      (error: unknown) => {
        failure = error;
      },
    );
    void Promise.all([ended, worked]).then(([complete]) => {
      if (complete && failure === undefined) resolve(value);
      else reject(storageError(transaction.error ?? failure));
    });
  });
