import { describe, expect, test } from 'vitest';
import { chooseLanguage } from '../i18n/choose.ts';
import { labPath, labTabs, permalinkOf, roomHref, roomPath, routeOf } from './router.ts';

describe('addresses', () => {
  test('name the pages', () => {
    expect(routeOf('/')).toEqual({ page: 'chat', room: null, message: null });
    expect(routeOf('/cluster')).toEqual({ page: 'cluster' });
    expect(routeOf('/nowhere')).toEqual({ page: 'missing' });
    expect(routeOf('/rooms/a/b')).toEqual({ page: 'missing' });
  });

  test('lead to each part of the lab and to one thing in it, and to no other', () => {
    for (const tab of labTabs) {
      expect(routeOf(labPath(tab))).toEqual({ page: 'lab', tab, item: null });
      expect(routeOf(labPath(tab, 'a/b'))).toEqual({ page: 'lab', tab, item: 'a/b' });
    }
    expect(routeOf('/lab/nowhere')).toEqual({ page: 'missing' });
    expect(routeOf('/lab/class/1/2')).toEqual({ page: 'missing' });
  });

  test('lead back to the room they were made for, whatever its name', () => {
    for (const name of ['general', 'caminhão', '会議', 'a_b-c', '100%']) {
      expect(routeOf(roomPath(name))).toEqual({ page: 'chat', room: name, message: null });
    }
  });

  test('of messages name the room and the place in it, and nothing else passes for one', () => {
    const room = { id: 'an-id', name: 'caminhão', access: 'open' } as const;
    expect(routeOf(permalinkOf(room, 17))).toEqual({ page: 'chat', room: 'caminhão', message: 17 });
    for (const path of ['/rooms/a/m', '/rooms/a/m/x', '/rooms/a/m/1/2', '/rooms/a/n/1', '/rooms/a/m/-1']) {
      expect(routeOf(path)).toEqual({ page: 'missing' });
    }
  });

  test('of a conversation between people name its id', () => {
    expect(roomHref({ id: 'an-id', name: '', access: 'direct' })).toBe('/rooms/an-id');
  });

  test('that are broken name no room', () => {
    expect(routeOf('/rooms/%E0%A4%A')).toEqual({ page: 'chat', room: '%E0%A4%A', message: null });
  });
});

describe('the language', () => {
  test('is the first of the browser’s wishes that there is', () => {
    expect(chooseLanguage(['fr-FR', 'pt-PT', 'en'])).toBe('pt');
    expect(chooseLanguage(['in-ID'])).toBe('id');
    expect(chooseLanguage(['ja'])).toBe('en');
    expect(chooseLanguage([])).toBe('en');
  });
});
