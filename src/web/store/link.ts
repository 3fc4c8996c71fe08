/**
 * What the person should know about the connection and the cluster: on which server they are, whether it was lost, and
 * whether there is a primary to take what they write. Pure.
 */
import type { ClusterBrief, ConnectionState } from '../../client/index.ts';

export interface Link {
  readonly where:
    | { readonly kind: 'first' }
    /** `cameFrom`: the server that was lost before; the same one when it came back. */
    | { readonly kind: 'on'; readonly server: string; readonly cameFrom: string | null }
    /** `tries` in vain since. */
    | { readonly kind: 'lost'; readonly server: string | null; readonly tries: number };
  /** The primary, or the last one there was. */
  readonly primary: { readonly name: string | null; readonly there: boolean; readonly before: string | null };
}

export const firstLink: Link = {
  where: { kind: 'first' },
  primary: { name: null, there: true, before: null },
};

/** Follows the state of the connection. */
export const followConnection = (link: Link, state: ConnectionState): Link => {
  const { where } = link;
  switch (state.kind) {
    case 'online': {
      if (where.kind === 'on' && where.server === state.server) return link;
      const cameFrom = where.kind === 'lost' ? where.server : null;
      return { ...link, where: { kind: 'on', server: state.server, cameFrom } };
    }
    case 'connecting':
    case 'greeting':
    case 'backing-off': {
      const server = where.kind === 'on' || where.kind === 'lost' ? where.server : null;
      if (where.kind === 'first' && state.losses < 2) return link;
      return { ...link, where: { kind: 'lost', server: server ?? null, tries: state.losses } };
    }
    default:
      return firstLink;
  }
};

/** Follows what the cluster says of itself. */
export const followCluster = (link: Link, cluster: ClusterBrief): Link => {
  const { primary } = link;
  if (cluster.primary === null) return primary.there ? { ...link, primary: { ...primary, there: false } } : link;
  if (cluster.primary === primary.name && primary.there) return link;
  const before = primary.name !== null && primary.name !== cluster.primary ? primary.name : null;
  const { where } = link;
  // A takeover of another server than the one that was lost is newer news than the move.
  const newer = before !== null && where.kind === 'on' && where.cameFrom !== before;
  return {
    where: newer ? { ...where, cameFrom: null } : where,
    primary: { name: cluster.primary, there: true, before },
  };
};

/** What to say, as a key of the translations and its values. `calm` lines say how it is; the others, what is going on. */
export type Notice =
  | { readonly say: 'connecting'; readonly calm: true }
  | { readonly say: 'on'; readonly server: string; readonly calm: true }
  | { readonly say: 'lost'; readonly server: string; readonly calm: false }
  | { readonly say: 'noServer'; readonly calm: false }
  | { readonly say: 'noPrimary'; readonly server: string; readonly calm: false }
  | { readonly say: 'electing'; readonly calm: false }
  | { readonly say: 'moved'; readonly server: string; readonly calm: false }
  | { readonly say: 'back'; readonly server: string; readonly calm: false }
  | { readonly say: 'promoted'; readonly server: string; readonly calm: false };

/** After so many tries in vain it is no longer a takeover, but an outage. */
const triesOfTakeover = 4;

/** The one thing that is worth saying. Good news is said until it is settled (see `settleLink`). */
export const noticeOf = (link: Link): Notice => {
  const { where, primary } = link;
  if (where.kind === 'first') return { say: 'connecting', calm: true };
  if (where.kind === 'lost') {
    if (where.server === null || where.tries >= triesOfTakeover) return { say: 'noServer', calm: false };
    return { say: 'lost', server: where.server, calm: false };
  }
  if (!primary.there) {
    return primary.name === null
      ? { say: 'electing', calm: false }
      : { say: 'noPrimary', server: primary.name, calm: false };
  }
  if (where.cameFrom !== null) {
    return { say: where.cameFrom === where.server ? 'back' : 'moved', server: where.server, calm: false };
  }
  if (primary.before !== null && primary.name !== null) {
    return { say: 'promoted', server: primary.name, calm: false };
  }
  return { say: 'on', server: where.server, calm: true };
};

/** Good news was told: from now on it is simply so. */
export const settleLink = (link: Link): Link => ({
  where: link.where.kind === 'on' ? { ...link.where, cameFrom: null } : link.where,
  primary: { ...link.primary, before: null },
});
