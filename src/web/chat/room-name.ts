/** What people type as a room's name, as it will be: no spaces, lower case, letters, digits, hyphens and underscores. */
export const asRoomName = (typed: string): string =>
  typed
    .toLocaleLowerCase()
    .replace(/^#+/, '')
    .replace(/\s+/gu, '-')
    .replace(/[^\p{L}\p{M}\p{Nd}_-]/gu, '')
    .normalize('NFC');
