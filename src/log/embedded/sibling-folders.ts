/** Who has a folder beside this server's, looked up at most so often: the topology is asked for many times a second. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../../protocol/index.ts';
import { siblings } from './mesh.ts';

export class SiblingFolders {
  readonly #data: string;
  readonly #self: string;
  #names: readonly string[] = [];
  #of = '';
  #lookAtMs = 0;

  constructor(data: string, self: string) {
    this.#data = data;
    this.#self = self;
  }

  /**
   * Names of the servers that have a log here, and of those of `heard` that have a folder: one whose folder has gone was
   * removed, and is no server any more.
   */
  names(heard: readonly string[], nowMs: number): readonly string[] {
    const of = heard.join();
    if (nowMs < this.#lookAtMs && of === this.#of) return this.#names;
    const here = heard.filter((name) => existsSync(join(this.#data, name)));
    this.#names = [...new Set([...here, ...siblings(this.#data, this.#self)])];
    this.#of = of;
    this.#lookAtMs = nowMs + limits.siblingFoldersIntervalMs;
    return this.#names;
  }
}
