/** Keeps the page as high as what can be seen of it: not every browser makes room for its keyboard by itself. */
export const fitToKeyboard = (): void => {
  const view = window.visualViewport;
  if (!view) return;
  const adapt = () => {
    const covered = window.innerHeight - view.height * view.scale;
    const height = covered > 60 && view.scale <= 1.01 ? `${view.height}px` : null;
    if (height) document.documentElement.style.setProperty('--app-height', height);
    else document.documentElement.style.removeProperty('--app-height');
    if (height) window.scrollTo(0, 0);
  };
  view.addEventListener('resize', adapt);
  adapt();
};
