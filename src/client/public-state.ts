import type { MachineState } from './machine-types.ts';
import type { ConnectionState } from './types.ts';

/** What of the machine's state is the program's business. */
export const publicState = (state: MachineState): ConnectionState => {
  switch (state.kind) {
    case 'idle':
    case 'closed':
      return { kind: state.kind };
    case 'connecting':
    case 'greeting':
      return { kind: state.kind, url: state.url, losses: state.losses };
    case 'online':
      return { kind: 'online', url: state.url, server: state.server, continuity: state.continuity };
    case 'backing-off':
      return { kind: 'backing-off', delayMs: state.delayMs, losses: state.losses };
    case 'signed-out':
      return { kind: 'signed-out', code: state.code };
  }
};

/** Whether two states say the same. */
export const sameState = (a: ConnectionState, b: ConnectionState): boolean => JSON.stringify(a) === JSON.stringify(b);
