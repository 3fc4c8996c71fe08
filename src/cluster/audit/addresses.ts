import { topologyFrom } from '../supervisor/index.ts';

/** Which servers there are, and where. Those that have no address yet are there with an empty one. */
export class Addresses {
  readonly #entries: () => readonly string[];
  #urls: ReadonlyMap<string, string> = new Map();

  constructor(entries: () => readonly string[]) {
    this.#entries = entries;
  }

  async refresh(): Promise<void> {
    const topology = await topologyFrom(this.#entries());
    if (topology === null || topology.servers.length === 0) return;
    this.#urls = new Map(topology.servers.map(({ name, url }) => [name, url === '' ? this.url(name) : url]));
  }

  get names(): readonly string[] {
    return [...this.#urls.keys()].sort();
  }

  url(name: string): string {
    return this.#urls.get(name) ?? '';
  }
}
