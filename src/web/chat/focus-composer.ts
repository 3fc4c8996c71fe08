/** Puts the focus where one writes: the place to be when what had it before is gone. */
export const focusComposer = (): void => document.querySelector<HTMLElement>('[data-composer]')?.focus();
