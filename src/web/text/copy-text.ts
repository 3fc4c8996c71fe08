/**
 * Puts a text on the clipboard. Only secure addresses and the machine itself may use the clipboard's own interface; on a
 * LAN without TLS the browser's old copying does it.
 */
export const copyText = async (text: string): Promise<boolean> => {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Forbidden here: the old way may still be open.
    }
  }
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.cssText = 'position:fixed;inset:0 auto auto 0;opacity:0';
  // Inside an open dialog, because what is outside it may not have the focus.
  (focused?.closest('[role=dialog],[role=alertdialog],[role=menu]') ?? document.body).append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
};
