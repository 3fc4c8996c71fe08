/**
 * What is worth saying aloud when the cluster changes: one sentence a change, the weightiest first, and never more than a
 * few at a time. It compares two moments, so whatever came and went between them is not said. Pure.
 */
import { type ClusterModel, type Condition, serversOf } from './model.ts';

/** What is compared. */
export interface Heard {
  readonly epoch: number;
  readonly primary: string | null;
  readonly conditions: Readonly<Record<string, Condition>>;
}

/** `announce.<say>` of the page's words. */
export type Announcement =
  | { readonly say: 'promoted'; readonly name: string; readonly epoch: number }
  | { readonly say: 'noPrimary' }
  | { readonly say: 'added'; readonly name: string }
  | { readonly say: 'removed'; readonly name: string }
  | { readonly say: Exclude<Condition, 'primary'>; readonly name: string }
  | { readonly say: 'more'; readonly count: number };

/** So many sentences at a time; the last one says how many more there were. */
const most = 3;

export const heardOf = (model: ClusterModel): Heard | null =>
  model.topology === null
    ? null
    : {
        epoch: model.topology.epoch,
        primary: model.topology.primary,
        conditions: Object.fromEntries(serversOf(model).map(({ name, condition }) => [name, condition])),
      };

export const announcements = (before: Heard, now: Heard): readonly Announcement[] => {
  const said: Announcement[] = [];
  const moved = now.primary !== before.primary || now.epoch !== before.epoch;
  if (now.primary === null && before.primary !== null) said.push({ say: 'noPrimary' });
  if (now.primary !== null && moved) said.push({ say: 'promoted', name: now.primary, epoch: now.epoch });
  for (const [name, condition] of Object.entries(now.conditions)) {
    const was = before.conditions[name];
    if (was === undefined) said.push({ say: 'added', name });
    else if (was !== condition && condition !== 'primary') said.push({ say: condition, name });
  }
  for (const name of Object.keys(before.conditions)) {
    if (now.conditions[name] === undefined) said.push({ say: 'removed', name });
  }
  if (said.length <= most) return said;
  return [...said.slice(0, most), { say: 'more', count: said.length - most }];
};
