/**
 * One file's way to the servers, by tus. It goes on at another server when the one that receives it dies: the offset that
 * a server has acknowledged is on the disks of all, so at most the chunk on its way is sent again. Loaded when the first
 * file is chosen.
 */
import { type DetailedError, Upload } from 'tus-js-client';
import { type ErrorCode, EstafetError, type FileView, isErrorCode } from '../../client/index.ts';
import { hashOf } from './hash.ts';
import { measure } from './measure.ts';

/** Bytes that are sent at a time, and sent again at most when a server dies. */
const chunkBytes = 4 * 1024 * 1024;
const waitBaseMs = 200;
const waitMaxMs = 3_000;
/** What a refused checksum or a lost upload is tried again for, from the beginning. */
const beginningsMax = 3;

export interface UploadTask {
  readonly file: File;
  /** Whose upload this is: another person in this browser does not go on with it. */
  readonly user: string;
  /** Address of a server that is up now; asked before each attempt. */
  readonly serverUrl: () => string;
  readonly signal: AbortSignal;
  /** Bytes that the servers have, and whether one is receiving: while it is not, another one is looked for. */
  readonly onProgress: (sent: number, isReceiving: boolean) => void;
  /** Where an earlier attempt got to (`FileUpload.path`); null to begin. */
  readonly path: string | null;
  /** What the server says of a file that has arrived. */
  readonly factsOf: (id: string) => Promise<FileView>;
}

/** The signal stopped it: no failure, and what has been sent is kept. */
export class UploadStopped extends Error {}

/** What one attempt came to: the file's id, or what stopped it. */
type Attempt =
  | { readonly kind: 'arrived' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly code: ErrorCode };

const codeOf = (body: string | undefined): ErrorCode | null => {
  try {
    const { error } = JSON.parse(body ?? '') as { error?: { code?: unknown } };
    return isErrorCode(error?.code) ? error.code : null;
  } catch {
    return null;
  }
};

/** What an error of tus means: worth another attempt, at another server perhaps, or a refusal. */
const attemptOf = (error: Error | DetailedError): Attempt => {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  const code = codeOf(response?.getBody());
  if (code === 'checksum-mismatch') return { kind: 'lost' };
  if (status === 404 || status === 410) return { kind: 'lost' };
  // No answer, a server that is going, an offset another server has moved meanwhile, or too much at a time.
  if (status === 0 || status === 409 || status === 423 || status === 429) return { kind: 'interrupted' };
  if (status >= 500 && status !== 507) return { kind: 'interrupted' };
  return { kind: 'refused', code: code ?? (status === 413 ? 'file-too-large' : 'internal') };
};

const pathOf = (url: string): string => new URL(url, location.href).pathname;

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });

export class FileUpload {
  readonly #task: UploadTask;
  readonly #size: Promise<Record<string, string>>;
  /** Where the upload is, once it has begun: the same on every server. */
  #path: string | null;

  constructor(task: UploadTask) {
    this.#task = task;
    this.#path = task.path;
    this.#size = measure(task.file).then(
      (size): Record<string, string> => (size === null ? {} : { width: `${size.width}`, height: `${size.height}` }),
    );
  }

  /** Its path on any server; null before it has begun. */
  get path(): string | null {
    return this.#path;
  }

  /**
   * Brings the file there and resolves with what it is there. Rejects with an `EstafetError` when it is refused, and with
   * `UploadStopped` when the signal stops it: another one that begins at its `path` goes on there.
   */
  async run(): Promise<FileView> {
    const { signal, file } = this.#task;
    const hash = hashOf(file, signal);
    for (let beginnings = 1; ; beginnings++) {
      await this.#transfer();
      const id = this.#path!.split('/').at(-1)!;
      const [mine, facts] = await Promise.all([hash, this.#task.factsOf(id)]);
      if (signal.aborted) throw new UploadStopped();
      if (mine === null) throw new EstafetError('not-found');
      if (mine === facts.sha256) return facts;
      await this.remove();
      if (beginnings === beginningsMax) throw new EstafetError('checksum-mismatch');
    }
  }

  /** Takes back what has been sent. */
  async remove(): Promise<void> {
    if (this.#path === null) return;
    const url = this.#task.serverUrl() + this.#path;
    this.#path = null;
    // When nobody answers, the servers give it up by themselves after a day.
    await fetch(url, { method: 'DELETE', credentials: 'include', headers: { 'Tus-Resumable': '1.0.0' } }).catch(
      () => null,
    );
  }

  async #transfer(): Promise<void> {
    const { signal, file, onProgress } = this.#task;
    let waitMs = waitBaseMs;
    let beginnings = 0;
    for (;;) {
      const metadata = { filename: file.name, filetype: file.type, ...(await this.#size) };
      const attempt = await this.#attempt(metadata, () => {
        waitMs = waitBaseMs;
      });
      if (signal.aborted) throw new UploadStopped();
      if (attempt.kind === 'arrived') return;
      if (attempt.kind === 'refused') throw new EstafetError(attempt.code);
      if (attempt.kind === 'lost') {
        this.#path = null;
        if (++beginnings === beginningsMax) throw new EstafetError('no-such-file');
      }
      onProgress(-1, false);
      await wait(waitMs * (0.5 + Math.random() / 2), signal);
      if (signal.aborted) throw new UploadStopped();
      waitMs = Math.min(waitMaxMs, waitMs * 2);
    }
  }

  /** From where the upload stands until it is through, or something stops it. */
  #attempt(metadata: Record<string, string>, onMoved: () => void): Promise<Attempt> {
    const { file, user, serverUrl, signal, onProgress } = this.#task;
    const base = serverUrl();
    return new Promise((resolve) => {
      const end = (attempt: Attempt) => {
        signal.removeEventListener('abort', stop);
        resolve(attempt);
      };
      const stop = () => {
        void upload.abort();
        end({ kind: 'interrupted' });
      };
      const upload = new Upload(file, {
        endpoint: `${base}/files`,
        uploadUrl: this.#path === null ? null : base + this.#path,
        chunkSize: chunkBytes,
        retryDelays: null,
        metadata,
        // The same file chosen again after a reload goes on where it stood.
        fingerprint: async () => ['estafet', user, file.name, file.type, file.size, file.lastModified].join('|'),
        storeFingerprintForResuming: true,
        removeFingerprintOnSuccess: true,
        onBeforeRequest: (request) => {
          (request.getUnderlyingObject() as XMLHttpRequest).withCredentials = true;
        },
        onUploadUrlAvailable: () => {
          if (upload.url !== null) this.#path = pathOf(upload.url);
        },
        onProgress: (sent) => onProgress(sent, true),
        onChunkComplete: () => onMoved(),
        onSuccess: () => {
          if (upload.url !== null) this.#path = pathOf(upload.url);
          end({ kind: 'arrived' });
        },
        onError: (error) => end(attemptOf(error)),
      });
      signal.addEventListener('abort', stop);
      void this.#begin(upload, base).catch(() => end({ kind: 'interrupted' }));
    });
  }

  async #begin(upload: Upload, base: string): Promise<void> {
    if (this.#path === null) {
      const [earlier] = await upload.findPreviousUploads();
      if (earlier?.uploadUrl) {
        this.#path = pathOf(earlier.uploadUrl);
        upload.resumeFromPreviousUpload({ ...earlier, uploadUrl: base + this.#path });
      }
    }
    upload.start();
  }
}
