/**
 * Passwords: argon2id (RFC 9106), off the main thread and a few at a time, since each takes memory and a core for a
 * while. A hash is a string in the PHC format, with its parameters in it, so that those of newer passwords may differ.
 * Checking a password takes as long for who has none, or does not exist, as for anybody else.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { EstafetError } from '../protocol/index.ts';
import type { EdgeLimits } from './options.ts';

const derive = promisify(argon2);

const saltBytes = 16;
const hashBytes = 32;
const lanes = 1;

interface Parameters {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

interface Hash extends Parameters {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const pattern =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{22,86})$/;

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

const write = ({ memoryKiB, passes, lanes: p, salt, hash }: Hash): string =>
  `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${p}$${base64(salt)}$${base64(hash)}`;

const read = (text: string): Hash => {
  const [, memoryKiB, passes, p, salt = '', hash = ''] = pattern.exec(text) ?? [];
  if (p === undefined) throw new Error('a password’s hash is none that this version knows');
  const bytes = (part: string): Buffer => Buffer.from(part, 'base64');
  return {
    memoryKiB: Number(memoryKiB),
    passes: Number(passes),
    lanes: Number(p),
    salt: bytes(salt),
    hash: bytes(hash),
  };
};

/** The same characters however a keyboard composes them (RFC 8265, section 4.2). */
const normal = (password: string): string => password.normalize('NFC');

export class Passwords {
  readonly #limits: EdgeLimits;
  /** What a password is checked against that cannot be right. */
  readonly #nobodys: Hash;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(limits: EdgeLimits) {
    this.#limits = limits;
    this.#nobodys = { ...this.#parameters, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) };
  }

  /** Throws `password-invalid` for what cannot be a password. */
  checkForm(password: string): void {
    const { passwordMinChars: least, passwordMaxChars: most } = this.#limits;
    const length = [...normal(password)].length;
    if (length < least || length > most) throw new EstafetError('password-invalid');
  }

  /**
   * The hash of a password, to be stored.
   * @param salt at least 16 bytes that no other password has; the first 16 count
   */
  async hash(password: string, salt: Buffer): Promise<string> {
    const blank = { ...this.#parameters, salt: salt.subarray(0, saltBytes), hash: Buffer.alloc(hashBytes) };
    return write({ ...blank, hash: await this.#derive(password, blank) });
  }

  /** Whether this is the password of that hash; never, and after the same time, when there is no hash. */
  async matches(password: string, hash: string | null): Promise<boolean> {
    const known = hash === null ? this.#nobodys : read(hash);
    const isIt = timingSafeEqual(await this.#derive(password, known), known.hash);
    return isIt && hash !== null;
  }

  get #parameters(): Parameters {
    return { memoryKiB: this.#limits.passwordMemoryKiB, passes: this.#limits.passwordPasses, lanes };
  }

  async #derive(password: string, { memoryKiB, passes, lanes: parallelism, salt, hash }: Hash): Promise<Buffer> {
    await this.#enter();
    try {
      const message = normal(password);
      return await derive('argon2id', {
        message,
        nonce: salt,
        parallelism,
        tagLength: hash.length,
        memory: memoryKiB,
        passes,
      });
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#limits.passwordsAtOnceMax) this.#running++;
    else if (this.#queue.length >= this.#limits.passwordsWaitingMax) throw new EstafetError('overloaded');
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  /** The next in the queue takes the place of who leaves. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}
