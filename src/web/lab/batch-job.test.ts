import { describe, expect, test } from 'vitest';
import { EstafetError } from '../../client/index.ts';
import type { LabBatchView } from '../../protocol/index.ts';
import { JobEnded, type JobTools, runJob } from './batch-job.ts';

const view = (state: LabBatchView['state'], done: number): LabBatchView => ({
  ...{ id: 's1-a b', state, done, of: 10, startedAt: 1, endedAt: null, seed: 7, messages: 10 },
  ...{ version: '1', rows: [], error: state === 'failed' ? 'the disk is full' : null },
});

/** A server that answers one thing after the other; what is an error is thrown. */
const server = (...answers: (LabBatchView | Error)[]) => {
  const asked: string[] = [];
  const left = [...answers];
  const tools: JobTools = {
    request: (method, path) => {
      asked.push(`${method} ${path}`);
      if (method === 'DELETE') return Promise.resolve(null);
      const answer = left.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    wait: () => Promise.resolve(),
  };
  return { tools, asked };
};

const run = (
  tools: JobTools,
  signal = new AbortController().signal,
  onView: (seen: LabBatchView) => void = () => undefined,
) => runJob<LabBatchView>('batches', {}, tools, onView, signal);
const path = '/api/v1/lab/batches/s1-a%20b';

describe('a run', () => {
  test('is begun, followed, and ends with its result', async () => {
    const { tools, asked } = server(view('running', 0), view('running', 5), view('done', 10));
    const seen: number[] = [];
    await expect(run(tools, undefined, ({ done }) => seen.push(done))).resolves.toMatchObject({ state: 'done' });
    expect(seen).toEqual([0, 5, 10]);
    expect(asked).toEqual(['POST /api/v1/lab/batches', `GET ${path}`, `GET ${path}`]);
  });

  test('is cancelled on the server when it is no longer wanted', async () => {
    const { tools, asked } = server(view('running', 0), view('running', 5));
    const controller = new AbortController();
    const running = run(tools, controller.signal, ({ done }) => done === 5 && controller.abort());
    await expect(running).rejects.toMatchObject({ why: 'cancelled' });
    expect(asked.at(-1)).toBe(`DELETE ${path}`);
  });

  test('goes on through a takeover, in which no server answers', async () => {
    const { tools } = server(view('running', 0), new EstafetError('unavailable'), view('done', 10));
    await expect(run(tools)).resolves.toMatchObject({ state: 'done' });
  });

  test('is gone when its server was restarted', async () => {
    const { tools } = server(view('running', 0), new EstafetError('not-found'));
    await expect(run(tools)).rejects.toMatchObject({ why: 'gone' });
  });

  test('says why it failed on the server', async () => {
    const { tools } = server(view('running', 0), view('failed', 3));
    const failed = run(tools).catch((error: unknown) => error);
    expect(await failed).toBeInstanceOf(JobEnded);
    expect(await failed).toMatchObject({ why: 'failed', message: 'the disk is full' });
  });

  test('that the server refuses is refused with its code, and a server that stays away is not waited for forever', async () => {
    await expect(run(server(new EstafetError('not-allowed')).tools)).rejects.toMatchObject({ code: 'not-allowed' });
    const away = server(view('running', 0), ...Array.from({ length: 99 }, () => new EstafetError('unavailable')));
    await expect(run(away.tools)).rejects.toMatchObject({ code: 'unavailable' });
    expect(away.asked.length).toBeLessThan(50);
  });
});
