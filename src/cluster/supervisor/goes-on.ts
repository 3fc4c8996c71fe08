/** Whether a cluster goes on without one of its servers: what every order that stops one is held to. */
import { EstafetError, type TopologyView } from '../../protocol/index.ts';
import type { Member } from './member.ts';
import type { Supervision } from './supervision.ts';

/** Who serves beside `member` and has everything that was acknowledged. */
const holdersBeside = (member: Member, members: readonly Member[], topology: TopologyView): readonly Member[] => {
  const isInSync = ({ name }: Member): boolean =>
    topology.servers.some((server) => server.name === name && server.inSync && server.role !== 'down');
  return members.filter((other) => other !== member && other.serves && isInSync(other));
};

/** Whether the cluster goes on, with everything that was acknowledged, while `member` is away. */
export const canDoWithout = async (supervision: Supervision, member: Member): Promise<boolean> => {
  const topology = await supervision.look();
  return topology !== null && holdersBeside(member, supervision.members, topology).length > 0;
};

/** Makes sure of that. Rejects with `last-server` when it is not so. */
export const goesOnWithout = async (supervision: Supervision, member: Member): Promise<void> => {
  if (await canDoWithout(supervision, member)) return;
  const { name } = member;
  throw new EstafetError(
    'last-server',
    `No server beside ${name} serves and has everything that was acknowledged, so ${name} is left as it is.`,
  );
};

/**
 * Whether nothing depends on the disk of `member` any more, which has been stopped: another server leads, and the
 * in-sync set, which is on its disk, is without `member`.
 */
export const isLetGo = async (supervision: Supervision, member: Member): Promise<boolean> => {
  const topology = await supervision.look();
  if (topology === null || topology.primary === null || topology.primary === member.name) return false;
  if (topology.you !== topology.primary) return false;
  return topology.servers.find(({ name }) => name === member.name)?.inSync !== true;
};
