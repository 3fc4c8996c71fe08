/** What the map says in words, in the language of the page. */
import type { SceneNode } from './map-scene.ts';

export interface MapWords {
  /** A server's name for screen readers: what it is, in one line that changes only when it does. */
  readonly node: (node: SceneNode) => string;
  /** Under its circle. */
  readonly role: (node: SceneNode) => string;
  /** Under its log: how far behind it is, and what is wrong with it on purpose. */
  readonly note: (node: SceneNode) => string;
  /** Clients that are not drawn one by one. */
  readonly moreClients: (count: number) => string;
  /** Messages a second, where nothing moves. */
  readonly rate: (perSecond: number) => string;
}
