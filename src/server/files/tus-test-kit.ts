/** For tests: a tus client of few words, which shows each answer and repeats nothing by itself. */
import { createHash } from 'node:crypto';
import { metadataOf } from './tus-metadata.ts';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that do not repeat, the same ones for the same seed. */
export const someBytes = (count: number, seed = 1): Buffer<ArrayBuffer> => {
  const bytes = Buffer.alloc(count);
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  for (let at = 0; at + 4 <= count; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeInt32LE(state | 0, at);
  }
  return bytes;
};

export interface TusAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The error's code, or null. */
  readonly code: string | null;
  /** The offset in the answer, or NaN. */
  readonly offset: number;
}

export interface Announced {
  readonly name?: string;
  readonly type?: string;
  readonly size: number;
  readonly sha256?: string;
}

export class TusClient {
  readonly token: string;

  constructor(token: string) {
    this.token = token;
  }

  async request(
    method: string,
    url: string,
    headers: Record<string, string> = {},
    body: Uint8Array<ArrayBuffer> | null = null,
  ): Promise<TusAnswer> {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'tus-resumable': '1.0.0', ...headers },
      body,
    });
    const text = await response.text();
    const code = text.startsWith('{') ? String(JSON.parse(text).error?.code) : null;
    const offset = Number(response.headers.get('upload-offset') ?? Number.NaN);
    return { status: response.status, headers: response.headers, code, offset };
  }

  create(url: string, { name = 'a file', type = 'text/plain', size, sha256 }: Announced): Promise<TusAnswer> {
    const metadata = metadataOf({ filename: name, filetype: type, sha256: sha256 ?? null });
    return this.request('POST', `${url}/files`, { 'upload-length': `${size}`, 'upload-metadata': metadata });
  }

  patch(url: string, id: string, offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<TusAnswer> {
    const headers = { 'upload-offset': `${offset}`, 'content-type': 'application/offset+octet-stream' };
    return this.request('PATCH', `${url}/files/${id}`, headers, bytes);
  }

  head(url: string, id: string): Promise<TusAnswer> {
    return this.request('HEAD', `${url}/files/${id}`);
  }

  /** Uploads bytes at once; gives the file's id. */
  async upload(url: string, bytes: Uint8Array<ArrayBuffer>, announced: Partial<Announced> = {}): Promise<string> {
    const created = await this.create(url, { size: bytes.length, ...announced });
    const id = created.headers.get('location')?.split('/').at(-1);
    if (created.status !== 201 || id === undefined) throw new Error(`not created: ${created.status} ${created.code}`);
    if (bytes.length === 0) return id;
    const patched = await this.patch(url, id, 0, bytes);
    if (patched.status !== 204) throw new Error(`not uploaded: ${patched.status} ${patched.code}`);
    return id;
  }
}
