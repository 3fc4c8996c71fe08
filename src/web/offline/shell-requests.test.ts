import { describe, expect, test } from 'vitest';
import { shellPathOf } from './shell-requests.ts';

const origin = 'http://localhost:8080';
const files = new Set(['/', '/assets/index-1.js', '/theme.js']);
const path = (to: string, navigates = false, method = 'GET') =>
  shellPathOf({ method, url: new URL(to, origin).href, navigates }, origin, files);

describe('the service worker', () => {
  test('answers the files of the shell from what it keeps, whatever stands behind the question mark', () => {
    expect([path('/assets/index-1.js'), path('/theme.js?1'), path('/')]).toEqual([
      '/assets/index-1.js',
      '/theme.js',
      '/',
    ]);
  });

  test('answers every page of the app with the shell', () => {
    for (const page of ['/rooms/general', '/rooms/a%20b/m/17', '/cluster', '/lab', '/settings?x=1', '/join/abc']) {
      expect([page, path(page, true)]).toEqual([page, '/']);
    }
  });

  test('leaves to the servers what is theirs, pages or not', () => {
    for (const theirs of [
      '/api/v1/rooms',
      '/api/v1/rooms/x/export',
      '/ws',
      '/files',
      '/files/1?download',
      '/metrics',
    ]) {
      expect([theirs, path(theirs, true), path(theirs)]).toEqual([theirs, null, null]);
    }
    expect(path('/apiary', true)).toBe('/');
  });

  test('leaves alone other origins, other methods, and files it does not have', () => {
    expect(path('http://localhost:5001/assets/index-1.js')).toBeNull();
    expect(path('/theme.js', false, 'POST')).toBeNull();
    expect([path('/assets/index-2.js'), path('/report.pdf', true)]).toEqual([null, null]);
  });
});
