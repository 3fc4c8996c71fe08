/** For an area that scrolls and has nothing in it that takes the focus: the keyboard must reach it (WCAG 2.2, 2.1.1). */
export const scrollable = { tabIndex: 0 } as const;
