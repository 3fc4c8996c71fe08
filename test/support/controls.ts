/** What people do on the cluster page, from a test: actions over HTTP, and how the supervisor says that all stands. */
import { readMachineKey, runningServers, runningSupervisor } from '../../src/cluster/supervisor/index.ts';
import type {
  ClusterActionRequest,
  ClusterActionResult,
  ErrorCode,
  FaultsView,
  SupervisorView,
} from '../../src/protocol/index.ts';
import type { TestCluster } from './cluster.ts';
import { eventually } from './eventually.ts';

export type Acted = { readonly done: ClusterActionResult } | { readonly refused: ErrorCode; readonly message: string };

export interface Controls {
  /** Asks a server, any that answers unless told which. Rejects when none does. */
  act(request: ClusterActionRequest, at?: string): Promise<Acted>;
  /** The same, where it must be done. */
  do(request: ClusterActionRequest, at?: string): Promise<ClusterActionResult>;
  /** The code with which it is refused. */
  refusal(request: ClusterActionRequest, at?: string): Promise<ErrorCode>;
  /** What the supervisor says; whoever asks watches. */
  view(): Promise<SupervisorView>;
  /** Resolves when no action is under way. */
  quiet(what: string, deadlineMs?: number): Promise<SupervisorView>;
  /** What is wrong on purpose with a server, asked itself. */
  faults(server: string): Promise<FaultsView>;
}

/** Longer than a hand-over takes. */
const actMaxMs = 10_000;

/** @param token of a person who may act */
export const controlsOf = (cluster: TestCluster, token: string): Controls => {
  const { data } = cluster;
  const key = readMachineKey(data);

  const urls = (at: string | undefined): string[] =>
    runningServers(data)
      .filter(({ name }) => at === undefined || name === at)
      .map(({ url }) => url);

  const act: Controls['act'] = async (request, at) => {
    let failure: unknown = new Error('no server runs');
    for (const url of urls(at)) {
      try {
        await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) });
        const answer = await fetch(`${url}/api/v1/cluster/actions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(request),
          signal: AbortSignal.timeout(actMaxMs),
        });
        const body = (await answer.json()) as ClusterActionResult & {
          readonly error?: { readonly code: ErrorCode; readonly message: string };
        };
        if (body.error === undefined) return { done: body };
        const { code, message } = body.error;
        // It has not looked at it: it is stopping, is behind, or does not know the session yet.
        if (!['unavailable', 'shutting-down', 'session-ended'].includes(code)) return { refused: code, message };
        failure = new Error(`${url}: ${code}: ${message}`);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };

  const supervisor = async (): Promise<SupervisorView> => {
    const answer = await fetch(`http://127.0.0.1:${runningSupervisor(data)?.door}/watched`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return (await answer.json()) as SupervisorView;
  };

  return {
    act,
    do: async (request, at) => {
      const answer = await act(request, at);
      if ('refused' in answer) throw new Error(`${request.action} was refused: ${answer.refused}: ${answer.message}`);
      return answer.done;
    },
    refusal: async (request, at) => {
      const answer = await act(request, at);
      if ('done' in answer) throw new Error(`${request.action} was not refused`);
      return answer.refused;
    },
    view: supervisor,
    quiet: (what, deadlineMs = 60_000) =>
      eventually(
        what,
        async () => {
          const view = await supervisor();
          return view.doing === null ? view : null;
        },
        { deadlineMs },
      ),
    faults: async (server) => {
      const [url] = urls(server);
      const answer = await fetch(`${url}/api/v1/cluster/faults`, { headers: { authorization: `Bearer ${key}` } });
      return (await answer.json()) as FaultsView;
    },
  };
};
