/**
 * Finds servers whose process is there and does not answer: stopped, or stuck. Such a server would hold its share of
 * the front door's connections for ever. Several questions in a row must go unanswered, so that neither a busy moment
 * nor a pause of this very process counts.
 */
import { isAlive } from './probe.ts';
import type { ProcessMark } from './process-identity.ts';

/** Questions in a row that a hung server leaves unanswered. */
export const unansweredMax = 5;
/** A server is asked at most this often. */
const askEveryMs = 1_000;

interface Watched {
  readonly mark: ProcessMark;
  unanswered: number;
  askedAtMs: number;
}

export class HangWatch {
  readonly #watched = new Map<string, Watched>();

  /** Asks a server how it is, if it is time to; true when it has been silent too often. */
  async isHung(name: string, url: string, mark: ProcessMark): Promise<boolean> {
    const nowMs = performance.now();
    let watched = this.#watched.get(name);
    if (watched?.mark !== mark) {
      watched = { mark, unanswered: 0, askedAtMs: -askEveryMs };
      this.#watched.set(name, watched);
    }
    if (nowMs - watched.askedAtMs < askEveryMs) return false;
    watched.askedAtMs = nowMs;
    watched.unanswered = (await isAlive(url)) ? 0 : watched.unanswered + 1;
    return watched.unanswered >= unansweredMax;
  }
}
