/** The channels of the socket: streams of news beside the log, for those who watch them. Best effort, never stored. */
import { type Static, Type } from 'typebox';
import type { ClusterNews } from './cluster-views.ts';
import type { LabNews } from './lab-views.ts';
import type { LabWords } from './lab-words.ts';

export const ChannelName = Type.Union([Type.Literal('cluster'), Type.Literal('lab')]);
export type ChannelName = Static<typeof ChannelName>;

/** What each channel tells. */
export interface ChannelNews {
  readonly cluster: ClusterNews;
  readonly lab: LabNews;
}

/** What may be said to each channel. */
export interface ChannelWords {
  readonly cluster: never;
  readonly lab: LabWords;
}
