/** What people do in a chat, by the SDK, with a real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../test/support/eventually.ts';
import { startTestCluster, type TestCluster } from '../server/test-kit.ts';
import { connect } from './chat.ts';
import type { Chat } from './types.ts';

let servers: TestCluster;
let ana: Chat;
let bo: Chat;

const person = async (name: string): Promise<Chat> => {
  const chat = connect({ servers: [servers.url()], token: (await servers.join(name)).token });
  await chat.ready();
  return chat;
};

beforeAll(async () => {
  servers = await startTestCluster({ limits: { passwordMemoryKiB: 64, passwordPasses: 1 } });
  ana = await person('Ana');
  bo = await person('Bo');
});

afterAll(async () => {
  ana?.close();
  bo?.close();
  await servers?.close();
});

describe('a room’s handle', () => {
  it('does all that a page does, and the others hear of it', async () => {
    const room = await ana.createRoom('kitchen', { topic: 'Tea', access: 'closed' });
    const theirs = bo.room(room.ref);
    const heard: string[] = [];
    const hears = (what: string) => eventually(what, () => heard.includes(what));
    theirs.on('message', ({ text, replyTo }) => heard.push(`message ${text}${replyTo ? ` to ${replyTo.text}` : ''}`));
    theirs.on('reacted', ({ emoji, on, count }) => heard.push(`reacted ${emoji} ${on} ${count}`));
    theirs.on('pinned', ({ pinned }) => heard.push(`pinned ${pinned !== undefined}`));
    theirs.on('changed', ({ name, archived }) => heard.push(`changed ${name} ${archived === true}`));
    theirs.on('joined', ({ name }) => heard.push(`joined ${name}`));
    theirs.on('left', ({ name }) => heard.push(`left ${name}`));
    theirs.on('notified', (level) => heard.push(`notified ${level}`));
    await room.invite(bo.you!.id);
    await hears('joined Bo');
    const { id, index } = await room.send('Tea?');
    await theirs.send('Please.', { replyTo: id });
    await hears('message Please. to Tea?');
    await theirs.react(id, '🍵');
    await hears('reacted 🍵 true 1');
    await theirs.unreact(id, '🍵');
    await hears('reacted 🍵 false 0');
    await theirs.pin(id);
    await hears('pinned true');
    expect((await room.pins()).map(({ text }) => text)).toEqual(['Tea?']);
    await room.unpin(id);
    await hears('pinned false');
    await room.edit(id, 'Green tea?');
    expect((await theirs.wordings(id)).map(({ text }) => text)).toEqual(['Tea?']);
    expect((await theirs.replies(id)).map(({ text }) => text)).toEqual(['Please.']);
    expect((await theirs.history({ around: index, limit: 2 })).messages.map(({ text }) => text)).toContain(
      'Green tea?',
    );
    const read: number[] = [];
    room.on('read', ({ user, readIndex }) => user === bo.you?.id && read.push(readIndex));
    await theirs.markRead(index);
    await eventually('who has read', () => read.includes(index));
    expect((await room.members()).find(({ user }) => user.name === 'Bo')?.readIndex).toBeGreaterThanOrEqual(index);
    await theirs.setNotify('none');
    await hears('notified none');
    await room.change({ name: 'tea-kitchen' });
    await hears('changed tea-kitchen false');
    await room.archive();
    await hears('changed tea-kitchen true');
    await expect(room.send('Nobody here?')).rejects.toMatchObject({ code: 'room-archived' });
    await room.archive(false);
    await room.delete(id);
    expect(await bo.message(id)).toMatchObject({ deleted: true, text: '' });
    await room.remove(bo.you!.id);
    await hears('left Bo');
    await expect(theirs.info()).rejects.toMatchObject({ code: 'no-such-room' });
  });
});

describe('the workspace', () => {
  it('has conversations, the same one for all in it', async () => {
    const room = await ana.direct([bo.you!.id]);
    await room.send('Between us');
    const theirs = await bo.direct([ana.you!.id]);
    expect(theirs.ref).toBe(room.ref);
    expect((await theirs.history()).messages.map(({ text }) => text)).toEqual(['Between us']);
  });

  it('knows what people say of themselves, and says who one is now', async () => {
    const cleo = await person('Cleo');
    try {
      await cleo.profile({ name: 'Cleopatra', about: 'Queen' });
      expect(cleo.you).toMatchObject({ name: 'Cleopatra', about: 'Queen' });
      await ana.setRole(cleo.you!.id, 'admin');
      await eventually('the role', () => cleo.you?.role === 'admin');
      await expect(bo.setRole(cleo.you!.id, 'member')).rejects.toMatchObject({ code: 'not-allowed' });
    } finally {
      cleo.close();
    }
  });

  it('lets one sign in again with a password', async () => {
    const dora = await person('Dora');
    const again = connect({ servers: [servers.url()] });
    try {
      await dora.setPassword('tea and cake');
      await expect(dora.setPassword('cake and tea')).rejects.toMatchObject({ code: 'wrong-password' });
      await expect(again.ready()).rejects.toMatchObject({ code: 'not-signed-in' });
      await expect(again.signInWith('Dora', 'a guess')).rejects.toMatchObject({ code: 'wrong-password' });
      expect(again.state.kind).toBe('signed-out');
      const { user, token } = await again.signInWith('dora', 'tea and cake');
      await again.ready();
      expect([user.id, again.you?.id, token === null]).toEqual([dora.you?.id, dora.you?.id, false]);
      // Whoever changes the password is the only one left.
      await dora.setPassword('cake and tea', 'tea and cake');
      await eventually('the other to be signed out', () => again.state.kind === 'signed-out');
      expect((await dora.session()).hasPassword).toBe(true);
    } finally {
      dora.close();
      again.close();
    }
  });

  it('is searched', async () => {
    const { id } = await ana.room('general').send('A needle in a haystack');
    await eventually('the index', async () => (await bo.search('needle')).hits.length > 0);
    const { hits, next } = await bo.search('needle in:general', { limit: 5 });
    expect(hits.map(({ message }) => message.id)).toEqual([id]);
    expect(next).toBeNull();
  });
});
