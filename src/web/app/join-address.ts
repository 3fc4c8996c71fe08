/** Under which address others find the workspace. Pure. */

const hostOf = (address: string): string => {
  try {
    return new URL(address).hostname;
  } catch {
    return '';
  }
};

/** Whether an address names the device itself, so that it leads nobody else here. */
export const isThisDeviceOnly = (address: string): boolean =>
  /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostOf(address));

/**
 * The address to hand on: the front door, which any live server answers, where there is one; else that of this page. The
 * front door's host is the one that the server was asked by; where only the page's own name leads here, that counts.
 */
export const joinAddress = (front: string | null, page: string): string => {
  if (front === null || (isThisDeviceOnly(front) && !isThisDeviceOnly(page))) return page;
  return front;
};
