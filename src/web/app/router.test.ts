import { describe, expect, test } from 'vitest';
import { chooseLanguage } from '../i18n/choose.ts';
import { roomPath, routeOf } from './router.ts';

describe('addresses', () => {
  test('name the pages', () => {
    expect(routeOf('/')).toEqual({ page: 'chat', room: null });
    expect(routeOf('/cluster')).toEqual({ page: 'cluster' });
    expect(routeOf('/nowhere')).toEqual({ page: 'missing' });
    expect(routeOf('/rooms/a/b')).toEqual({ page: 'missing' });
  });

  test('lead back to the room they were made for, whatever its name', () => {
    for (const name of ['general', 'caminhão', '会議', 'a_b-c', '100%']) {
      expect(routeOf(roomPath(name))).toEqual({ page: 'chat', room: name });
    }
  });

  test('that are broken name no room', () => {
    expect(routeOf('/rooms/%E0%A4%A')).toEqual({ page: 'chat', room: '%E0%A4%A' });
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
