/** The mark on the page's icon: a number in a disc for what is meant for one, a plain dot for what else is unread. */
import type { Waiting } from './notif-rules.ts';

const picture =
  '<rect width="32" height="32" rx="9" fill="#13241e"/><g transform="rotate(-38 16 16)"><rect x="3.5" y="12.5" width="13.5" height="7" rx="3.5" fill="#eef4f1"/><rect x="13.5" y="12.5" width="15" height="7" rx="3.5" fill="#ffb524" stroke="#13241e" stroke-width="1.6"/></g>';

const markOf = ({ forYou, unread }: Waiting): string => {
  if (forYou > 0) {
    const shown = forYou > 9 ? '9+' : String(forYou);
    return `<circle cx="21" cy="21" r="11" fill="#c6392f"/><text x="21" y="26.5" fill="#fff" font-family="sans-serif" font-weight="700" font-size="${shown.length > 1 ? 13 : 16}" text-anchor="middle">${shown}</text>`;
  }
  return unread > 0 ? '<circle cx="25" cy="25" r="7" fill="#7db2ff" stroke="#13241e" stroke-width="2"/>' : '';
};

/** The icon with its mark as an address, or null when nothing waits. */
export const markedIcon = (waiting: Waiting): string | null => {
  const mark = markOf(waiting);
  if (mark === '') return null;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${picture}${mark}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
};

let plain: string | null = null;

/** Puts the mark on the page's icon, and on the app's where one is installed. */
export const markIcon = (waiting: Waiting): void => {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link) {
    plain ??= link.href;
    link.href = markedIcon(waiting) ?? plain;
  }
  if ('setAppBadge' in navigator) {
    const count = waiting.forYou || waiting.unread;
    // Refused where the app is not installed: then there is nothing to mark.
    (count > 0 ? navigator.setAppBadge(waiting.forYou || undefined) : navigator.clearAppBadge()).catch(() => {});
  }
};
