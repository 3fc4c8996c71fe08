import { describe, expect, it } from 'vitest';
import { entryOf, harness, lastingOf, outboxOf } from '../../test/support/commands-harness.ts';

describe('a lasting outbox', () => {
  it('has its commands sent before the new ones, and loses each when it is answered', async () => {
    const outbox = outboxOf([entryOf('old 1', 'me'), entryOf('old 2', 'me')]);
    const { commands, post, done, wire, texts, steps } = harness({ outbox });
    commands.online('me');
    post('new');
    await expect.poll(texts).toEqual(['old 1', 'old 2', 'new']);
    for (const { id } of [...wire]) done(id);
    await expect.poll(outbox.ids).toEqual([]);
    expect(steps.filter(({ state }) => state === 'done')).toHaveLength(3);
  });

  it('keeps what is not answered when the client closes', async () => {
    const outbox = outboxOf([]);
    const { commands, post } = harness({ outbox });
    const { id, settled } = post('a');
    commands.close();
    await settled;
    await expect.poll(outbox.ids).toEqual([id]);
  });

  it('does not have one person’s commands sent by another', async () => {
    const mine = entryOf('mine', 'me');
    const nobodys = entryOf('before signing in', null);
    const outbox = outboxOf([entryOf('theirs', 'them'), nobodys, mine]);
    const { commands, texts, steps } = harness({ outbox });
    commands.online('me');
    await expect.poll(texts).toEqual(['before signing in', 'mine']);
    expect(steps.find(({ state }) => state === 'refused')).toMatchObject({ code: 'session-ended' });
    expect(outbox.ids()).toEqual([nobodys.id, mine.id]);
    commands.close();
  });

  it('says of a command that it is kept once it is, and until it is answered', async () => {
    const outbox = lastingOf([]);
    const { commands, post, done, steps } = harness({ outbox });
    const { id } = post('a');
    await expect
      .poll(() => steps.map(({ state, ...step }) => [state, 'kept' in step]))
      .toEqual([
        ['pending', false],
        ['pending', true],
      ]);
    commands.online('me');
    done(id);
    expect(steps.slice(2).map(({ state, ...step }) => [state, 'kept' in step])).toEqual([
      ['sent', true],
      ['done', false],
    ]);
  });

  it('has what an earlier run left told before any server answers, if it is known whose it is', async () => {
    const { commands, steps } = harness({ outbox: lastingOf([entryOf('theirs', 'them'), entryOf('mine', 'me')]) });
    await expect.poll(() => steps.map(({ body }) => body)).toEqual([{ room: 'general', text: 'mine' }]);
    expect(commands.pending).toHaveLength(1);
  });

  it('keeps one person’s commands for them while another is signed in, and when their session ends', async () => {
    const theirs = entryOf('theirs', 'them');
    const mine = entryOf('mine', 'me');
    const outbox = lastingOf([theirs, mine]);
    const { commands, done, texts, steps } = harness({ outbox });
    commands.online('me');
    await expect.poll(texts).toEqual(['mine']);
    commands.offline();
    commands.refuseAll('session-ended', false);
    expect(steps.filter(({ state }) => state === 'refused')).toEqual([]);
    expect(commands.pending).toEqual([]);
    expect(outbox.ids()).toEqual([theirs.id, mine.id]);
    commands.reopen();
    commands.online('them');
    expect(texts()).toEqual(['mine', 'theirs']);
    done(theirs.id);
    commands.offline();
    commands.online('me');
    expect(texts()).toEqual(['mine', 'theirs', 'mine']);
    done(mine.id);
    await expect.poll(outbox.ids).toEqual([]);
  });

  it('loses what somebody wrote who signs out', async () => {
    const outbox = lastingOf([entryOf('mine', 'me'), entryOf('theirs', 'them')]);
    const { commands, texts, steps } = harness({ outbox });
    commands.online('me');
    await expect.poll(texts).toEqual(['mine']);
    commands.refuseAll('not-signed-in', true);
    expect(steps.at(-1)).toMatchObject({ state: 'refused', code: 'not-signed-in' });
    await expect.poll(() => outbox.ids().length).toBe(1);
  });

  it('takes what another program leaves behind, after its own and once', async () => {
    const outbox = lastingOf([]);
    const { commands, post, texts, loaded } = harness({ outbox });
    await loaded();
    post('own');
    const left = [entryOf('left 1', 'me'), entryOf('left 2', 'me')];
    outbox.leave(left);
    outbox.leave(left);
    commands.online('me');
    expect(texts()).toEqual(['own', 'left 1', 'left 2']);
    commands.close();
    outbox.leave([entryOf('too late', 'me')]);
    expect(commands.pending).toEqual([]);
  });

  it('that fails is reported, and the commands go on', async () => {
    const broken = () => Promise.reject(new Error('the disk is full'));
    const { commands, post, done, failures, texts } = harness({ outbox: { add: broken, remove: broken, all: broken } });
    commands.online('me');
    const { id, settled } = post('a');
    await expect.poll(texts).toEqual(['a']);
    done(id);
    expect(await settled).toMatchObject({ ok: true });
    await expect.poll(() => failures.length).toBe(3);
  });
});
