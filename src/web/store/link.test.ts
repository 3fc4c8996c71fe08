/** What people are told during a takeover. */
import { describe, expect, test } from 'vitest';
import type { ClusterBrief, ConnectionState } from '../../client/index.ts';
import { firstLink, followCluster, followConnection, type Link, noticeOf, settleLink } from './link.ts';

const online = (server: string): ConnectionState => ({
  kind: 'online',
  url: 'http://x',
  server,
  continuity: 'recovered',
});
const trying = (losses: number): ConnectionState => ({ kind: 'connecting', url: 'http://x', losses });
const cluster = (primary: string | null): ClusterBrief => ({ epoch: 1, primary, front: null, servers: [] });
const follow = (...states: (ConnectionState | ClusterBrief)[]): Link =>
  states.reduce<Link>(
    (link, state) => ('kind' in state ? followConnection(link, state) : followCluster(link, state)),
    firstLink,
  );

describe('the status line', () => {
  test('says calmly where one is', () => {
    expect(noticeOf(follow(online('s1'), cluster('s1')))).toEqual({ say: 'on', server: 's1', calm: true });
  });

  test('says which server was lost while the next one is looked for', () => {
    expect(noticeOf(follow(online('s1'), trying(1)))).toEqual({ say: 'lost', server: 's1', calm: false });
  });

  test('says where one is now, until that was read', () => {
    const moved = follow(online('s1'), trying(1), online('s2'));
    expect(noticeOf(moved)).toMatchObject({ say: 'moved', server: 's2' });
    expect(noticeOf(settleLink(moved))).toMatchObject({ say: 'on', server: 's2' });
  });

  test('says when the same server came back', () => {
    expect(noticeOf(follow(online('s1'), trying(1), online('s1')))).toMatchObject({ say: 'back', server: 's1' });
  });

  test('says that nobody answers when it takes long', () => {
    expect(noticeOf(follow(online('s1'), trying(1), trying(6)))).toMatchObject({ say: 'noServer' });
    expect(noticeOf(follow(trying(1)))).toMatchObject({ say: 'connecting' });
    expect(noticeOf(follow(trying(5)))).toMatchObject({ say: 'noServer' });
  });

  test('says that writing waits while there is no primary, also when one’s own server is well', () => {
    const waits = follow(online('s2'), cluster('s1'), cluster(null));
    expect(noticeOf(waits)).toEqual({ say: 'noPrimary', server: 's1', calm: false });
    expect(noticeOf(followCluster(waits, cluster('s3')))).toMatchObject({ say: 'promoted', server: 's3' });
    expect(noticeOf(follow(online('s2'), cluster(null)))).toMatchObject({ say: 'electing' });
  });

  test('says the newest takeover, but not instead of the move that the same death made', () => {
    const moved = follow(online('s1'), cluster('s1'), trying(1), online('s2'), cluster('s2'));
    expect(noticeOf(moved)).toMatchObject({ say: 'moved', server: 's2' });
    const again = follow(online('s1'), trying(1), online('s3'), cluster('s2'), cluster('s3'));
    expect(noticeOf(again)).toMatchObject({ say: 'promoted', server: 's3' });
  });

  test('begins anew when one signs out', () => {
    expect(follow(online('s1'), { kind: 'signed-out', code: 'session-ended' })).toEqual(firstLink);
  });
});
